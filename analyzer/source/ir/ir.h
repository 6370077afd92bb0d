// SPDX-License-Identifier: MIT
//
// The lowered program: one unit of C or C++ as a small value program over storage paths. It knows no lock
// names; what is a lock is decided by the tables at link time, so that a new wrapper or a new row invalidates
// no lowered unit.
//
// Shape. A Function has Blocks of Insts and a Terminator. Flow-sensitive things are explicit: reading a
// variable is a Load that defines a Value, writing is a Store, taking an address is an AddressOf. A Path
// names storage without reading memory: a root and projections. Dereferencing a stored pointer is therefore a
// Load followed by a Path whose root is Deref(that value). References are pointers. `this` is parameter 0 of
// a method.
//
//   int *p = &s->n;  *p = 3;        %2 = load local0          ; s
//                                   %3 = addr (*%2).S::n
//                                   store local1, %3          ; p
//                                   %4 = load local1
//                                   store (*%4), 3
//
// Objects. Construction and destruction are calls of the constructor or destructor with the object's address
// as first argument; FunctionKind tells copy and move apart. A function that returns a class by value gets
// the address of the result as `into`; guards travel that way. A lambda is an object of its closure class:
// captures are stores into its fields (a captured `this` is a field too), its call is a method. So functors,
// lambdas and bound objects are one thing. A prvalue that is materialised is a Local with `temporary` set. A
// class returned by value is built in the callee's local `resultLocal`, which is the caller's `into`;
// `return` then has no value. A class passed by value is built and destroyed by the caller and passed as its
// address. `this`, references and such class parameters are pointers that never change: they are copied into
// a value at the function's entry ("%0 = copy param0"), and a reference variable is no Local but the value
// that it was bound to. Constructors and destructors of arrays are called once, on element [*].
//
// Implied work. A call of a library function whose body is not kept may be followed by calls with `implicit`
// set and no arguments: what the library calls back in user code (the constructor that emplace chose, a
// comparator). A local static with a dynamic initialiser is a branch on __cxa_guard_acquire(its address),
// ended by __cxa_guard_release.
//
// Exceptions. A Call that may throw names its landing block; landing blocks destroy what is live, then
// dispatch to handlers or unwind. Functions end in Return, Unwind or Stop (noreturn), never joined. Where a
// "..." handler catches all, Dispatch has no successor beyond it.
//
// Everything is index-linked inside a unit; across units things are joined by `key`. Order is source order,
// so that the same input gives the same bytes.
#ifndef GORDIAN_SOURCE_IR_IR_H
#define GORDIAN_SOURCE_IR_IR_H

#include <cstdint>
#include <string>
#include <vector>

namespace gordian::ir {

using Id = uint32_t;
constexpr Id kNone = ~0u;

/// A place in a file of the unit (index into Unit::files). The expansion location where macros are involved:
/// the line that the reader sees.
struct Loc {
  Id file = kNone;
  uint32_t line = 0, column = 0;
  friend bool operator==(const Loc &, const Loc &) = default;
};

// ---------------------------------------------------------------- types

enum class TypeKind : uint8_t {
  Void,
  Bool,
  Integer,
  Float,
  Enum,
  Pointer,
  Reference,
  Array,
  Class,
  Function,
  Other
};

/// `name` is the type as the source would say it, qualified, without cv, typedef names kept where the typedef
/// names an anonymous C struct or union (pthread_mutex_t) ; `element` is the pointee or element type.
struct Type {
  TypeKind kind = TypeKind::Other;
  std::string name;
  Id element = kNone;
  Id klass = kNone;
  bool isConst = false, isVolatile = false, isAtomic = false; // isAtomic: _Atomic or std::atomic<>
};

/// A Clang thread-safety attribute. `kind` is Clang's spelling ("acquire_capability", "guarded_by" ...);
/// arguments are paths in text form relative to this / parameters / globals, "" for the object itself;
/// negative capability "!x". A path is "this", "#2" (Function::params[2]) or "@key" (global), followed by
/// ".field" or ".method()" for each step, pointers followed silently: "this.mu_", "#1.owner.mu_",
/// "@_ZN3net4lockE".
struct Attribute {
  std::string kind;
  std::vector<std::string> args;
};

struct Field {
  std::string
      name; // "" for an anonymous struct or union member; captures of lambdas by variable name, "this"
  Id type = kNone;
  Loc loc;
  bool isMutable = false, isBitField = false;
  bool isPrivate = false; // private or protected: only its class and friends name it
  std::vector<Attribute> attributes;
};

struct Base {
  Id klass = kNone;
  bool isVirtual = false;
};

struct Class {
  std::string key;     // link key: mangled type name; for C and local types made unique by file and position
  std::string name;    // qualified, for people, with template arguments
  std::string pattern; // qualified name of the template without arguments, equal to `name` for non-templates
  Loc loc;
  std::vector<Base> bases;
  std::vector<Field> fields;
  bool isLambda = false, isUnion = false, isPolymorphic = false, isSystem = false;
  bool complete = false;
  std::vector<Attribute> attributes;
};

// ---------------------------------------------------------------- globals

enum class Linkage : uint8_t { External, Weak, Internal, None }; // Weak: inline, templates, COMDAT

/// One scalar of a constant initialiser: where (constant projections only) and what.
struct Constant {
  enum class Kind : uint8_t { Integer, Null, Function, GlobalAddress, String, Other } kind = Kind::Other;
  int64_t integer = 0;
  Id ref = kNone; // Function: function id; GlobalAddress: global id
};
struct InitEntry {
  std::vector<uint32_t> path; // field or element indices from the outside in
  Constant value;
  std::string macro; // outermost macro of this part of the initialiser, where it is one
};

struct Global {
  std::string key, name;
  Id type = kNone;
  Loc loc;
  Linkage linkage = Linkage::External;
  bool threadLocal = false, isConst = false, defined = false, isSystem = false;
  Id ownerFunction = kNone;    // function static
  std::vector<InitEntry> init; // constant initialiser, sparse; huge arrays are cut at 4,096 entries
  std::string initMacro;       // outermost macro that the initialiser came from ("PTHREAD_MUTEX_INITIALIZER")
  Id initFunction = kNone;     // dynamic initialiser (FunctionKind::GlobalInit), run before main
  std::vector<Attribute> attributes;
};

// ---------------------------------------------------------------- code

/// Container is container_of: the `klass` object whose field `index` this is; it undoes that Field.
enum class ProjKind : uint8_t { Field, Base, Index, IndexValue, IndexAny, Container };
struct Proj {
  ProjKind kind = ProjKind::Field;
  Id klass = kNone;   // Field: the class that has it; Base: the base class
  uint32_t index = 0; // Field, Container: field number; Index: the constant; IndexValue: the value id
  friend bool operator==(const Proj &, const Proj &) = default;
};

enum class RootKind : uint8_t { Local, Global, Deref };
struct Path {
  RootKind root = RootKind::Local;
  Id id = kNone; // local, global or value number
  std::vector<Proj> proj;
  friend bool operator==(const Path &, const Path &) = default;
};

/// An operand: a value defined by an Inst of this function, or something that needs no instruction.
enum class OperandKind : uint8_t { None, Value, Integer, Null, Param, Function, String, ThreadId, Unknown };
struct Operand {
  OperandKind kind = OperandKind::None;
  Id id = kNone; // Value: value number; Param: index; Function: function id; String: index into Unit::strings
  int64_t integer = 0;
  friend bool operator==(const Operand &, const Operand &) = default;
};

enum class Op : uint8_t {
  Load,      // result = *path            (access)
  Store,     // *path = args[0]           (access)
  Rmw,       // result = old; *path = *path <arith> args[0] (access; ++, +=, atomic fetch_add); see Arithmetic
  AddressOf, // result = &path
  Copy,      // result = args[0]          (casts; `type` is the new static type, maybeNull for dynamic_cast)
  Compare,   // result = args[0] <pred> args[1]
  Not,       // result = !args[0]
  Arith,     // result = args[0] <arith> args[1]
  Alloc,     // result = address of a new object of `type` (new); args[0]: element count, if an array
  Free,      // delete args[0] (its destructor call precedes)
  CopyObject, // *path = *args[0], a trivially copied class object
  Call,       // see below
  Invalidate, // the storage of local `path.id` begins or ends its life (loop re-entry)
  Await,      // co_await / co_yield: suspends here
};

enum class Predicate : uint8_t { Eq, Ne, Lt, Le, Gt, Ge };
/// The last two are for Rmw: Exchange stores args[0]; CompareExchange stores args[1] if args[0] was there,
/// and its result is whether it did.
enum class Arithmetic : uint8_t {
  Add,
  Sub,
  Mul,
  Div,
  Rem,
  And,
  Or,
  Xor,
  Shl,
  Shr,
  Neg,
  Exchange,
  CompareExchange
};

enum class AccessKind : uint8_t { Plain, Atomic, Volatile };
enum class MemoryOrder : uint8_t { Relaxed, Consume, Acquire, Release, AcqRel, SeqCst };

enum class CallKind : uint8_t {
  Direct,   // `function`
  Virtual,  // `function` is the statically named method; args[0] the object
  Indirect, // `callee` is the pointer (C function pointer or pointer to member)
};

struct Inst {
  Op op = Op::Load;
  Id result = kNone; // value number defined, kNone: none
  Id type = kNone;   // of the result (Load, Copy, Alloc, Call), where it is known and worth keeping
  Loc loc;
  Path path; // Load Store Rmw AddressOf CopyObject Invalidate; Call: result storage if hasInto
  std::vector<Operand> args;
  // access
  AccessKind access = AccessKind::Plain;
  MemoryOrder order = MemoryOrder::SeqCst;
  // Compare, Arith
  Predicate predicate = Predicate::Eq;
  Arithmetic arithmetic = Arithmetic::Add;
  // Call
  CallKind call = CallKind::Direct;
  Id function = kNone;
  Operand callee;
  bool hasInto = false; // returns a class by value into `path`
  bool mayThrow = false;
  Id landing = kNone;    // block entered when it throws; kNone with mayThrow: unwinds out of the function
  bool implicit = false; // destructor at scope end, conversion, range-for plumbing: not written by the user
  std::string macro;     // outermost macro that this call came from, "" for none
};

enum class TermKind : uint8_t {
  Jump,     // successors[0]
  Branch,   // value ? successors[0] : successors[1]
  Switch,   // value; cases[i] -> successors[i]; the last successor is the default
  Dispatch, // exception: one of the handlers, or the last successor (unwind / outer landing);
            // nondeterministic
  Return,   // value (may be None)
  Throw,    // throws; successors[0] is the landing block, none: leaves the function
  Unwind,   // leaves the function by exception (end of a landing chain)
  Stop,     // noreturn
};
struct Terminator {
  TermKind kind = TermKind::Return;
  Operand value;
  std::vector<Id> successors;
  std::vector<int64_t> cases;
  std::vector<std::string> handlers; // Dispatch: caught type of each handler, "..." for catch-all
  Loc loc;
  bool loop = false; // Branch of a loop statement (while, for, do): condition waits look for it
};

struct Block {
  std::vector<Inst> insts;
  Terminator term;
};

struct Local {
  std::string name; // "" for temporaries
  Id type = kNone;
  Loc loc;
  bool temporary = false;
  bool escapes = false; // its address is taken (beyond calls of its own methods)
  Id param = kNone;     // initialised from this parameter
};

enum class FunctionKind : uint8_t {
  Plain,
  Method,
  StaticMethod,
  Constructor,
  CopyConstructor,
  MoveConstructor,
  Destructor,
  CopyAssign,
  MoveAssign,
  Conversion,
  Lambda, // Lambda: operator() of a closure class
  GlobalInit,
};

struct Param {
  std::string name;
  Id type = kNone;
};

struct Function {
  std::string key;     // link key
  std::string name;    // qualified, without parameters: "Cache::store", "std::mutex::lock"
  std::string pattern; // `name` without template arguments anywhere: what tables match
  FunctionKind kind = FunctionKind::Plain;
  Linkage linkage = Linkage::External;
  Id klass = kNone; // owner
  Id returnType = kNone;
  std::vector<Param> params; // params[0] is `this` for methods
  Loc loc;                   // of the definition where there is one
  Loc patternLoc;            // template instantiation: the template's place; findings are merged by it
  bool defined = false, isVirtual = false, isPure = false, isNoexcept = false, isNoreturn = false;
  bool isSystem = false, isVariadic = false, isCoroutine = false,
       isExportedEntry = false;          // entry: callable from outside
  bool isConst = false, isPublic = true; // methods
  bool hasErrors = false;                // the body did not parse: no blocks
  std::vector<std::string> overrides;    // keys of the methods it overrides
  std::vector<Attribute> attributes;
  std::vector<Local> locals;
  std::vector<Block> blocks; // blocks[0] is the entry
  Id resultLocal = kNone;    // where a class that is returned by value is built
  uint32_t valueCount = 0;   // values are 0 .. valueCount-1
};

/// `// gordian: ignore RULE reason` and alike.
struct SuppressionComment {
  Loc loc;
  std::string rule; // "" or "*": all
  std::string reason;
};

struct UnitError {
  std::string message;
  Loc loc;
};

struct File {
  std::string path; // absolute, normalised
  std::string hash; // of the content, hexadecimal
  bool isSystem = false;
};

struct Unit {
  std::string source;  // main file, absolute
  std::string target;  // link output it belongs to, "" unknown
  std::string command; // hash of the effective flags
  std::vector<File> files;
  std::vector<std::string> strings;
  std::vector<Type> types;
  std::vector<Class> classes;
  std::vector<Global> globals;
  std::vector<Function> functions; // declarations that are referred to, and bodies
  std::vector<SuppressionComment> suppressions;
  std::vector<UnitError> errors;
  bool isC = false;
};

} // namespace gordian::ir

#endif
