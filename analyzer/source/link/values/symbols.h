// SPDX-License-Identifier: MIT
//
// Symbols: what the analysis knows a value as. A symbol is a term, interned, so that equal terms are equal
// numbers:
//   constants      integers, null, strings, functions, the current thread
//   roots          parameters, addresses of globals and locals, objects made by `new`, results of calls,
//   joins of values places         Field, Element, Slot of an address: the address of a part. Base subobjects
//   do not show: a field names
//                  its class anyway
//   reads          Load of an address at a version of memory
//   computations   Compare, Not, Arith
// An address is a value like any other; the lock that `pthread_mutex_lock(&p->m)` takes is the symbol
// Field(Load(Local p), S::m).
//
// Frames. Param symbols belong to the function under analysis; substitution.h carries them to the caller's
// frame.
//
// Generations. In a loop one place in the code makes many objects, reads many values. A symbol stands for the
// newest; when its place in the code is reached again, what it stood for before becomes Old(symbol). Two Old
// symbols are never taken to be one thing.
//
// Versions. Reads of memory that may have changed in between must not be equal. A version is a place in the
// code at which memory may have changed, 0 the function's entry. It is soft if only other threads can have
// changed it (a lock was acquired): then the value is probably the old one, and conclusions from a change are
// marked as doubtful.
#ifndef GORDIAN_SOURCE_LINK_VALUES_SYMBOLS_H
#define GORDIAN_SOURCE_LINK_VALUES_SYMBOLS_H

#include "source/ir/ir.h"
#include "source/link/program/program.h"
#include "source/link/values/member_pointers.h"

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace gordian::link {

using Sym = uint32_t;
constexpr Sym kNoSym = ~0u;

enum class SymKind : uint8_t {
  Unknown, // a, n: made unique by
  Integer, // n
  Null,
  ThreadSelf,
  String,
  Function,  // a: function
  Param,     // a: number
  Global,    // a: global; its address
  Local,     // a: function, b: local; its address
  Alloc,     // a: function, b: site; the address of the new object
  Result,    // a: function, b: site; n: PureCall of the same arguments, kNoSym
  Phi,       // a: function, b: block; n: the address whose values were joined
  FromCall,  // a: function, b: site; n: the callee's symbol that has no name in this frame
  Pure,      // a: function that was called, b: next argument list cell, n: argument; compares calls of equal
             // arguments
  Load,      // a: address, b: version
  Field,     // a: address of the object, b: class, n: field number
  Element,   // a: address of the array, n: index symbol, kNoSym: any
  Slot,      // a: address of a library object, n: which part (see enum Slot)
  Container, // a: address of the part, b: class, n: field: the object that has it
  Old,       // a: symbol of an earlier generation
  Compare,   // sub: predicate, a, b
  Not,       // a
  Arith,     // sub: operation, a, b
};

/// Parts of library objects that have no fields here.
enum class Slot : uint8_t {
  Lock,     // guards: the lock's address
  Owned,    // guards: whether it is held
  Mode,     // guards: shared or exclusive
  Next,     // guards of several locks: the next lock, as a guard of its own
  Callable, // std::function and alike: the address of the callable, or the function
  Pointer,  // owners: the pointer
  Thread,   // thread handles, futures: what runs
  Kind,     // lock attributes: the kind
  Elements, // containers: where their elements are
  Origin,   // iterators: the container
};

struct SymNode {
  SymKind kind = SymKind::Unknown;
  uint8_t sub = 0;
  uint8_t depth = 0;    // nesting of Loads and computations
  bool vague = false;   // contains an Old symbol, or an element at any index
  bool visible = false; // made of constants, parameters and memory at the function's entry only
  uint32_t a = 0, b = 0;
  uint64_t n = 0;
  uint64_t sites = 0; // bloom filter over the sites and blocks in it
};

struct Version {
  FunctionId function = kNone;
  uint32_t site = 0;
  bool soft = false;
  uint32_t previous = 0; // soft: the version before
  friend bool operator==(const Version &, const Version &) = default;
};

/// A set of sites and blocks of one function: those of a loop.
struct Places {
  FunctionId function = kNone;
  uint64_t bits = 0; // bloom filter, as SymNode::sites
  std::vector<bool> sites, blocks;
  bool hasSite(uint32_t s) const { return s < sites.size() && sites[s]; }
  bool hasBlock(uint32_t b) const { return b < blocks.size() && blocks[b]; }
};
/// Versions are made by sites, and by the heads of loops.
constexpr uint32_t kHeadSite = 1u << 31;

class Symbols {
public:
  /// `pointers` must live as long.
  explicit Symbols(const MemberPointers *pointers);
  /// As if it was made anew; what is not very large stays allocated.
  void clear();

  const SymNode &node(Sym s) const { return nodes[s]; }
  SymKind kind(Sym s) const { return nodes[s].kind; }
  size_t size() const { return nodes.size(); }

  Sym unknown(FunctionId f, uint32_t site, uint32_t number = 0);
  Sym integer(int64_t n) { return make(SymKind::Integer, 0, 0, 0, static_cast<uint64_t>(n)); }
  Sym null() { return make(SymKind::Null); }
  Sym threadSelf() { return make(SymKind::ThreadSelf); }
  Sym string(uint32_t unit, uint32_t n) { return make(SymKind::String, 0, unit, n); }
  Sym function(FunctionId f) { return make(SymKind::Function, 0, f); }
  Sym param(uint32_t n) { return make(SymKind::Param, 0, n); }
  Sym global(GlobalId g) { return make(SymKind::Global, 0, g); }
  Sym local(FunctionId f, uint32_t l) { return make(SymKind::Local, 0, f, l); }
  Sym alloc(FunctionId f, uint32_t site) { return make(SymKind::Alloc, 0, f, site); }
  Sym result(FunctionId f, uint32_t site, Sym pure = kNoSym) {
    return make(SymKind::Result, 0, f, site, pure);
  }
  /// `cell`: the address whose values are joined, or another number for what has none.
  Sym phi(FunctionId f, uint32_t block, uint64_t cell) { return make(SymKind::Phi, 0, f, block, cell); }
  Sym fromCall(FunctionId f, uint32_t site, Sym callees);
  Sym pure(FunctionId callee, const std::vector<Sym> &args);
  /// What a pointer member that never changes points to (member_pointers.h), or a read at this version.
  Sym load(Sym address, uint32_t version);
  Sym field(Sym object, ClassId c, uint32_t number);
  Sym element(Sym array, Sym index);
  Sym slot(Sym object, Slot s) { return make(SymKind::Slot, 0, object, 0, static_cast<uint64_t>(s)); }
  Sym container(Sym part, ClassId c, uint32_t number);
  Sym old(Sym s);
  Sym compare(ir::Predicate p, Sym a, Sym b);
  /// What the comparison gives, if the symbols alone decide it.
  std::optional<bool> decided(ir::Predicate p, Sym a, Sym b) const;
  Sym logicalNot(Sym s);
  Sym arith(ir::Arithmetic op, Sym a, Sym b);

  uint32_t version(const Version &v);
  const Version &versionInfo(uint32_t v) const { return versions[v]; }
  size_t versionCount() const { return versions.size(); }
  /// Takes over a node of another table that has the same pointers; its operands are of this one.
  Sym put(const SymNode &n) { return make(n.kind, n.sub, n.a, n.b, n.n); }

  /// Whether it is an address that cannot be null.
  bool isAddress(Sym s) const;
  bool isConstant(Sym s) const;
  /// The symbol that all projections of `s` start from, Loads not looked through.
  Sym rootOf(Sym s) const;
  /// Whether nothing in it is of a place in the code: no version, no result.
  bool isTimeless(Sym s) const { return nodes[s].sites == 0; }
  /// Whether `s` is a place in the storage of local variables of `f`.
  bool isLocalStorage(Sym s) const;

  /// All reads at one version: what is the same path is the same symbol.
  Sym withoutVersions(Sym s);
  /// Reads at soft versions become reads at the version before, results of calls the call's name and
  /// arguments.
  Sym withoutSoftness(Sym s);

  /// What `s` becomes when the places in the code that `again` holds are about to be reached again.
  Sym aged(Sym s, const Places &again);
  /// The innermost element that `s` lies in, at any index.
  Sym anyIndex(Sym s);
  /// Elements at an index that is Old become elements at any index.
  Sym anyElement(Sym s);
  bool mentions(Sym s, Sym part) const;
  /// `s` with every occurrence of `from` replaced.
  Sym replaced(Sym s, Sym from, Sym to);

  /// Rebuilds `s` from its mapped operands; `map(sym)` gives the replacement of an operand.
  template <class F>
  Sym rebuild(Sym s, F &&map);

  static uint64_t siteBit(FunctionId f, uint32_t site, bool isBlock);
  /// Whether it contains an Old symbol: nothing is known to be equal to it.
  bool isVague(Sym s) const { return nodes[s].vague; }

private:
  Sym make(SymKind kind, uint8_t sub = 0, uint32_t a = 0, uint32_t b = 0, uint64_t n = 0);
  Sym tooDeep(Sym inner);
  bool isVisible(const SymNode &n) const;
  Sym pointedTo(Sym address);
  void grow();
  static uint64_t hashOf(const SymNode &n);

  std::vector<SymNode> nodes;
  std::vector<Sym> table; // open addressing, power of two
  const MemberPointers *pointers;
  std::vector<Version> versions;
  struct KeyHash {
    size_t operator()(const std::pair<uint64_t, uint64_t> &k) const {
      uint64_t h = (k.first ^ k.second * 0x9e3779b97f4a7c15ull) * 0xbf58476d1ce4e5b9ull;
      return h ^ h >> 31;
    }
  };
  std::unordered_map<std::pair<uint64_t, uint64_t>, uint32_t, KeyHash> versionNumbers;
  std::vector<Sym> plain, hard; // caches of withoutVersions, withoutSoftness
};

template <class F>
Sym Symbols::rebuild(Sym s, F &&map) {
  SymNode n = nodes[s]; // by value: the table moves when map() makes symbols
  switch (n.kind) {
  case SymKind::Load: {
    Sym a = map(n.a);
    return a == n.a ? s : load(a, n.b);
  }
  case SymKind::Field: {
    Sym a = map(n.a);
    return a == n.a ? s : field(a, n.b, static_cast<uint32_t>(n.n));
  }
  case SymKind::Element: {
    Sym a = map(n.a), i = static_cast<Sym>(n.n) == kNoSym ? kNoSym : map(static_cast<Sym>(n.n));
    return a == n.a && i == static_cast<Sym>(n.n) ? s : element(a, i);
  }
  case SymKind::Slot: {
    Sym a = map(n.a);
    return a == n.a ? s : slot(a, static_cast<Slot>(n.n));
  }
  case SymKind::Container: {
    Sym a = map(n.a);
    return a == n.a ? s : container(a, n.b, static_cast<uint32_t>(n.n));
  }
  case SymKind::Old: {
    Sym a = map(n.a);
    return a == n.a ? s : old(a);
  }
  case SymKind::Compare: {
    Sym a = map(n.a), b = map(n.b);
    return a == n.a && b == n.b ? s : compare(static_cast<ir::Predicate>(n.sub), a, b);
  }
  case SymKind::Not: {
    Sym a = map(n.a);
    return a == n.a ? s : logicalNot(a);
  }
  case SymKind::Arith: {
    Sym a = map(n.a), b = map(n.b);
    return a == n.a && b == n.b ? s : arith(static_cast<ir::Arithmetic>(n.sub), a, b);
  }
  case SymKind::Pure: {
    Sym b = n.b == kNoSym ? kNoSym : map(n.b),
        x = static_cast<Sym>(n.n) == kNoSym ? kNoSym : map(static_cast<Sym>(n.n));
    return b == n.b && x == static_cast<Sym>(n.n) ? s : make(SymKind::Pure, 0, n.a, b, x);
  }
  default:
    return s;
  }
}

} // namespace gordian::link

#endif
