// SPDX-License-Identifier: MIT
//
// What is known at one point of a function on one bundle of its paths: values in memory, locks, conditions. A
// program point has up to a handful of states side by side (join.h says which are merged), so that "locked if
// flag" and "unlocked if flag" meet again.
#ifndef GORDIAN_SOURCE_LINK_SUMMARY_STATE_H
#define GORDIAN_SOURCE_LINK_SUMMARY_STATE_H

#include "finding/finding.h"
#include "source/link/callgraph/writes.h"
#include "source/link/summary/witness.h"
#include "source/link/tables/row.h"
#include "source/link/values/symbols.h"

#include <utility>
#include <vector>

namespace gordian::link {

/// A comparison that holds. Constants stand on the right; Gt and Ge are turned around.
struct Atom {
  Sym left = kNoSym;
  ir::Predicate predicate = ir::Predicate::Eq;
  Sym right = kNoSym;
  template <class C>
  void carry(C &c) {
    c.syms(left, right);
  }
  friend bool operator==(const Atom &, const Atom &) = default;
};

/// A lock that this function, or what it called, has touched. What the caller held at entry is unknown until
/// it is released here: then `fromCaller` is set.
struct LockState {
  Sym path = kNoSym;       // the lock's address, with versions
  bool held = true;        // false: released again
  bool fromCaller = false; // it was held at entry
  bool declared = false;   // held at entry because an attribute requires it
  bool must = true;        // false: on some of the merged paths only
  bool many = false;       // stands for locks of several rounds of a loop
  bool drained = false;    // ... that are being given back one by one
  bool unsure = false;     // given back through a pointer that may well mean another lock
  bool tried = false;      // by a try or timed request
  bool again = false;    // asked for once more while it was held, without a way out: unless it is re-entrant,
                         // no path goes on from there
  bool failed = false;   // this path has seen a request fail that waits until it succeeds
  bool upgraded = false; // shared at first, taken exclusively besides
  Mode mode = Mode::Exclusive;
  facts::LockKind kind = facts::LockKind::Mutex;
  uint16_t depth = 1;   // of a re-entrant lock
  Sym pending = kNoSym; // held only if this result says so, see Row::success
  Success success = Success::Always;
  WitnessId acquired = kNone, released = kNone;
  template <class C>
  void carry(C &c) {
    c.syms(path, pending);
    c.witnesses(acquired, released);
  }
  friend bool operator==(const LockState &, const LockState &) = default;
};

/// A place (a site, or kHeadSite + block) from which on memory of `writes` (null: any) may hold other values;
/// soft: only because of other threads; byCall: by a callee that can reach a write; own: of a loop's, those
/// that are no callee's.
struct Clobber {
  uint32_t site = 0;
  bool soft = false, byCall = false;
  const WriteSet *writes = nullptr, *own = nullptr;
  bool isByCall(WriteKey key) const { return byCall || (own && !own->has(key)); }
  friend bool operator==(const Clobber &, const Clobber &) = default;
};

/// A thread that was started here and that may still run.
struct LiveThread {
  Sym handle = kNoSym;         // address of the handle, kNoSym: none is kept
  FunctionId function = kNone; // where it was started
  uint32_t site = 0;
  bool many = false;  // started in a loop
  bool async = false; // its future waits for it when it ends
  bool ofMany(const Symbols &syms) const {
    return handle != kNoSym && (many || syms.kind(handle) == SymKind::Element);
  }
  template <class C>
  void carry(C &c) {
    c.syms(handle);
  }
  friend bool operator==(const LiveThread &, const LiveThread &) = default;
};

using Binding = std::pair<Sym, Sym>;

/// A joined value that is one of a few constants.
struct Choice {
  Sym value = kNoSym;
  std::vector<int64_t> of; // sorted
  friend bool operator==(const Choice &, const Choice &) = default;
};

struct State {
  std::vector<Binding> memory;                  // address -> value, sorted by address
  std::vector<std::pair<uint32_t, Sym>> values; // SSA values that are used in other blocks, sorted
  std::vector<LockState> locks;                 // in order of first touch
  std::vector<Atom> atoms;
  std::vector<std::pair<Atom, Atom>> either; // at least one of the two holds: `if (a || b)`
  std::vector<Choice> choices;
  std::vector<Clobber> clobbers;
  std::vector<LiveThread> threads;
  std::vector<Sym> joined; // handles of threads that were not started here
  bool joinedMany = false; // a loop has joined threads that were not started here
  /// Shared memory that was written here while no lock was held, and where; for condition-misuse.
  std::vector<std::pair<Sym, uint32_t>> unguardedWrites;
  Sym doubt = kNoSym;   // a read whose value must have been changed by another thread for this to be a path
  bool blurred = false; // paths that should be told apart were not, for want of room
  bool assumedThrow = false; // on the way of an exception that nothing is known to throw
  bool unwinding = false;
  bool endsThread = false; // pthread_exit, longjmp
  bool jumps = false;      // longjmp: goes on where a caller has called setjmp
  bool dead = false;       // no path goes on from here
};

} // namespace gordian::link

#endif
