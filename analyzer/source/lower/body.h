// SPDX-License-Identifier: MIT
//
// The lowering of one function body.
//
// It walks the syntax tree as a compiler's code generator does, and does not use clang::CFG: a stack of
// cleanups then says at every point what is alive, which is all that exceptional flow needs (clang::CFG has
// it for normal flow only, and its exceptional edges skip destructors). Elision, NRVO, lifetime extension,
// conditional temporaries and coroutines fall out of the same walk, and no second pass over the tree or
// dataflow is paid for.
//
// Terms. A *value* is an operand (a scalar, a pointer), a *place* is a path (what an lvalue designates), an
// *object* is a class or array being built at a place. Each is lowered by a visitor of its own: value(),
// place(), object().
//
// Cleanups form a tree that lives as long as the function: each entry knows its parent, `top` is the
// innermost one. Leaving a scope emits the entries between `top` and the scope's mark; the landing block of
// an entry undoes it and goes on to its parent's, and is made once. goto is resolved at the end, by the
// common ancestor of both places.
#ifndef GORDIAN_SOURCE_LOWER_BODY_H
#define GORDIAN_SOURCE_LOWER_BODY_H

#include "source/lower/unit_context.h"

namespace gordian::lower {

using clang::SourceLocation;
using ir::Id;
using ir::kNone;
using ir::Operand;
using ir::Path;

struct Cleanup {
  enum class Kind : uint8_t {
    Destroy,     // the destructor of the object at `path`
    Call,        // function(&path): __attribute__((cleanup))
    Free,        // the storage of a `new` whose constructor did not end
    AbortGuard,  // __cxa_guard_abort(value)
    EndCritical, // a call of runtime function `function` with `value`: end of an OpenMP critical section
    Handlers,    // a try block: an exception goes to `landing`
    Terminate,   // an exception that gets here ends the program (noexcept)
  };
  Kind kind = Kind::Destroy;
  bool exceptionOnly = false;
  Id parent = kNone;
  Path path;
  clang::QualType type;
  const clang::FunctionDecl *function = nullptr;
  const char *runtime = nullptr;
  const clang::VarDecl *variable = nullptr; // NRVO: not destroyed by the return that returns it
  Operand value;
  Id flag = kNone; // a local that says whether the object was made (conditional temporaries)
  SourceLocation location;
  bool handled = false; // a try block is around
  bool landingMade = false;
  Id landing = kNone;
};

/// Where break, continue, goto and return go.
struct Target {
  Id block = kNone;
  Id cleanups = kNone; // top of the cleanup stack there
};

class Body {
public:
  Body(UnitContext &unit, const clang::FunctionDecl *function);

  /// Fills blocks, locals and values of `out`.
  void lowerFunction(ir::Function &out);
  void lowerGlobalInitializer(const clang::VarDecl *variable, ir::Function &out);

  // Blocks (emit.cpp)
  Id newBlock();
  void enter(Id block) { current = block; }
  bool reachable() const { return current != kNone; }
  void jump(Id to);
  void jumpIfReachable(Id to);
  void branch(const Operand &condition, Id yes, Id no, SourceLocation location);
  ir::Terminator &end(ir::TermKind kind, SourceLocation location);
  void stop(SourceLocation location) { end(ir::TermKind::Stop, location); }

  // Instructions (emit.cpp)
  ir::Inst &emit(ir::Op op, SourceLocation location);
  Operand define(ir::Inst &inst);
  Operand load(const Path &path, clang::QualType type, SourceLocation location);
  void store(const Path &path, const Operand &value, clang::QualType type, SourceLocation location);
  Operand addressOf(const Path &path, clang::QualType objectType, SourceLocation location,
                    bool escapes = true);
  Operand copy(const Operand &value, clang::QualType type, SourceLocation location);
  Operand compare(ir::Predicate predicate, const Operand &a, const Operand &b, SourceLocation location);
  Operand logicalNot(const Operand &a, SourceLocation location);
  Operand arith(ir::Arithmetic arithmetic, const Operand &a, const Operand &b, SourceLocation location);
  void copyObject(const Path &to, const Path &from, clang::QualType type, SourceLocation location);
  Path deref(const Operand &pointer, clang::QualType pointerType, SourceLocation location);
  Path indexed(Path base, const Operand &index) const;
  Operand runtimeCall(llvm::StringRef name, std::vector<Operand> args, SourceLocation location);

  static Operand integer(int64_t value);
  static Operand null() { return Operand{ir::OperandKind::Null, kNone, 0}; }
  static Operand unknown() { return Operand{ir::OperandKind::Unknown, kNone, 0}; }
  static Operand parameter(Id index) { return Operand{ir::OperandKind::Param, index, 0}; }
  Operand functionOperand(const clang::FunctionDecl *function);
  Operand zero(clang::QualType type) const;

  // Locals (emit.cpp)
  Id newLocal(llvm::StringRef name, clang::QualType type, SourceLocation location, bool temporary);
  Path temporary(clang::QualType type, SourceLocation location);
  void invalidate(const Path &path, SourceLocation location);

  // Expressions
  Operand value(const clang::Expr *e);
  /// Where `e` is. A prvalue is put into a temporary, which is destroyed at the end of the full expression.
  Path place(const clang::Expr *e);
  void object(const clang::Expr *e, const Path &into);
  void effect(const clang::Expr *e);
  void condition(const clang::Expr *e, Id yes, Id no);
  Path materialize(const clang::Expr *e, SourceLocation location);
  /// The assignment of a class that is no call of an operator; where it went.
  Path assignObject(const clang::BinaryOperator *e);
  /// Builds `type` at `into`; references are bound, scalars stored.
  void initialize(const Path &into, clang::QualType type, const clang::Expr *init);
  /// What a reference bound to `e` holds.
  Operand bind(const clang::Expr *e);
  /// Evaluates what several parts of an expression share.
  void bindOpaque(const clang::OpaqueValueExpr *e);

  // Calls (calls.cpp)
  /// A class that is returned goes to `into`; the result is then nothing.
  Operand call(const clang::CallExpr *e, const Path *into);
  struct Callee {
    ir::CallKind kind = ir::CallKind::Direct;
    const clang::FunctionDecl *function = nullptr;
    Operand pointer;
    bool mayThrow = true, noReturn = false;
    clang::QualType result;
  };
  Operand emitCall(const Callee &callee, std::vector<Operand> args, SourceLocation location, bool implicit,
                   const Path *into = nullptr);
  bool mayThrow(const clang::FunctionDecl *callee);
  Operand directCall(const clang::FunctionDecl *callee, std::vector<Operand> args, SourceLocation location,
                     bool implicit);
  void arguments(std::vector<Operand> &out, llvm::ArrayRef<const clang::Expr *> args);
  Operand argument(const clang::Expr *e);
  void construct(const clang::CXXConstructExpr *e, Path into);
  void destroy(Path path, clang::QualType type, SourceLocation location);

  // Cleanups (cleanups.cpp)
  Id push(Cleanup cleanup);
  void pushDestroy(const Path &path, clang::QualType type, SourceLocation location, bool fullExpression);
  void leaveTo(Id mark, SourceLocation location);
  /// Takes one entry out of the stack; those above it stay.
  void drop(Id cleanup);
  void emitCleanups(Id from, Id to, SourceLocation location, const clang::VarDecl *returned = nullptr);
  Id landing(Id cleanup);
  Id currentLanding() { return landing(top); }
  bool unwinding = false; // a landing block is being filled: what throws there ends the program

  // Statements
  void statement(const clang::Stmt *s);
  void declare(const clang::VarDecl *variable);
  void jumpTo(const Target &target, SourceLocation location);
  void leaveFunction(const clang::VarDecl *returned, const Operand &value, SourceLocation location);

  UnitContext &unit;
  clang::ASTContext &ast;
  const clang::FunctionDecl *function;
  std::vector<ir::Block> blocks;
  std::vector<ir::Local> locals;
  uint32_t valueCount = 0;
  Id current = kNone;
  Id top = kNone;
  std::vector<Cleanup> cleanups;
  std::vector<Cleanup> extended; // lifetime-extended: pushed again when their full expression is over
  llvm::DenseMap<const clang::ValueDecl *, Path> places;
  llvm::DenseMap<const clang::OpaqueValueExpr *, Operand> opaqueValues;
  llvm::DenseMap<const clang::OpaqueValueExpr *, Path> opaquePlaces;
  Operand self;           // `this` of the code at hand (in a lambda: the captured one)
  Operand closure;        // `this` of a lambda's operator() itself
  Id resultLocal = kNone; // where a returned class is built
  Target coroutineExit;   // final suspend
  std::vector<Target> breaks, continues;
  unsigned loops = 0; // loop statements around, and labels seen: storage may be entered again

  struct Conditional { // where a conditional part of the current full expression began
    Id block = kNone;
    size_t instruction = 0;
  };
  Conditional conditional;

  struct SwitchCases {
    std::vector<std::pair<int64_t, Id>> cases;
    struct Range {
      llvm::APSInt low, high;
      Id block;
    };
    std::vector<Range> ranges;
    Id defaultBlock = kNone;
  };
  SwitchCases *switchCases = nullptr;

  struct Goto {
    Id block; // ends in a Jump to be filled in
    Id cleanups;
    const clang::LabelDecl *label; // null: any label whose address was taken
    SourceLocation location;
  };
  std::vector<Goto> gotos;
  llvm::MapVector<const clang::LabelDecl *, Target> labels;
  std::vector<const clang::LabelDecl *> addressedLabels;

private:
  void start();
  void bindParameters();
  void bindCaptures(const clang::CXXMethodDecl *callOperator);
  void forwardToLambda(const clang::CXXMethodDecl *invoker);
  void constructorPrologue(const clang::CXXConstructorDecl *constructor);
  void destructorPrologue(const clang::CXXDestructorDecl *destructor);
  void initializeMember(const clang::CXXConstructorDecl *constructor, const clang::CXXCtorInitializer *init);
  void bodyWithHandlers(const clang::Stmt *body, const clang::CXXTryStmt *handlers);
  void resolveGotos();
  void finish(ir::Function &out);
  void emitCleanup(const Cleanup &cleanup, SourceLocation location);
  void emitFlagged(const Cleanup &cleanup, SourceLocation location);
  void beginInst(ir::Inst &inst, SourceLocation location);
};

/// One full expression: the temporaries made in it die at its end, those whose life is extended live on.
/// Statements open one for each of their expressions; Clang's ExprWithCleanups opens none.
class FullExpression {
public:
  explicit FullExpression(Body &body);
  /// Ends it on the current path. Must be called once for each object, on a path that may be unreachable.
  void end(SourceLocation location);
  Id mark() const { return cleanupMark; }

private:
  Body &b;
  Id cleanupMark;
  size_t extendedMark;
  Body::Conditional conditional;
};

/// A part of a full expression that runs under a condition only: temporaries made in it get a flag, which is
/// cleared where this object was made. To be made before the condition is evaluated, and begun after that.
class ConditionalPart {
public:
  explicit ConditionalPart(Body &body) : b(body), saved(body.conditional) {
    if (b.reachable())
      start = {b.current, b.blocks[b.current].insts.size()};
  }
  void begin() {
    if (b.conditional.block == kNone)
      b.conditional = start;
  }
  ~ConditionalPart() { b.conditional = saved; }

private:
  Body &b;
  Body::Conditional saved, start;
};

/// How a type's storage is accessed: _Atomic and volatile.
void setAccessKind(ir::Inst &inst, clang::QualType type);

ir::Arithmetic arithmeticOf(clang::BinaryOperatorKind kind);

/// Removes unreachable blocks, joins chains of jumps and numbers the rest in order of first reach
/// (simplify.cpp).
void simplifyBlocks(std::vector<ir::Block> &blocks);

} // namespace gordian::lower

#endif
