// SPDX-License-Identifier: MIT
//
// A function's summary: what its callers must know, in terms of its parameters, globals and memory at entry.
// Made once for each function, callees first; a component of mutually recursive functions is repeated until
// it is stable.
#ifndef GORDIAN_SOURCE_LINK_SUMMARY_SUMMARY_H
#define GORDIAN_SOURCE_LINK_SUMMARY_SUMMARY_H

#include "source/link/summary/state.h"

namespace gordian::link {

/// What an exit does to one lock.
struct LockDelta {
  Sym path = kNoSym;
  bool heldBefore = false; // required: it is released (and perhaps acquired again) in here
  bool heldAfter = false;
  bool must = true;
  Mode mode = Mode::Exclusive;
  facts::LockKind kind = facts::LockKind::Mutex;
  WitnessId acquired = kNone, released = kNone;
  template <class C>
  void carry(C &c) {
    c.syms(path);
    c.witnesses(acquired, released);
  }
  friend bool operator==(const LockDelta &, const LockDelta &) = default;
};

/// One way to leave the function: under `atoms`.
struct Exit {
  bool unwinds = false;
  bool endsThread = false; // pthread_exit: the callers do not go on
  bool jumps = false;      // ... except behind their setjmp
  std::vector<Atom> atoms;
  std::vector<Atom> beliefs; // as atoms, if neither callees nor other threads wrote in between
  Sym result = kNoSym;
  std::vector<LockDelta> locks;
  std::vector<Binding> stores;
  Sym doubt = kNoSym;
  bool blurred = false;
  uint32_t site = 0;               // the return or throw
  std::vector<LiveThread> threads; // started in here, perhaps still running
  std::vector<Sym> joined;         // handles of others' threads that are joined in here
  bool joinedMany = false;         // ... and a loop of such
  template <class C>
  void carry(C &c) {
    c.parts(atoms, beliefs, locks, threads);
    c.syms(result, stores, doubt, joined);
  }
  friend bool operator==(const Exit &, const Exit &) = default;
};

/// What ways out that are told as one do not agree in.
constexpr uint32_t kMergedSite = kHeadSite | 2;
inline bool isMergedValue(const Symbols &syms, Sym s) {
  return syms.kind(s) == SymKind::Unknown && syms.node(s).b == kMergedSite;
}

/// A lock that is requested in here, directly or by what is called.
struct Request {
  Sym path = kNoSym;
  Mode mode = Mode::Exclusive;
  facts::LockKind kind = facts::LockKind::Mutex;
  Waits waits = Waits::Forever;
  WitnessId witness = kNone;
  std::vector<Atom> atoms;   // when, as far as the caller can tell
  std::vector<Sym> released; // locks of the caller that are not held any more by then
  bool leftHeld = false;     // some exit leaves it held: this is a wrapper for its callers
  bool ownerChecked = false; // after it was tested that the current thread is not the owner
  bool takenBack = false;    // elsewhere in here the caller's lock is given back first: which it is, is lost
  Sym doubt = kNoSym;
  Request withoutAtoms() const {
    return {path, mode, kind, waits, witness, {}, released, leftHeld, ownerChecked, takenBack, doubt};
  }
  template <class C>
  void carry(C &c) {
    c.syms(path, released, doubt);
    c.witnesses(witness);
    c.parts(atoms);
  }
  friend bool operator==(const Request &, const Request &) = default;
};

/// A wait for something other than a lock.
struct BlockingWait {
  enum class Kind : uint8_t { Condition, Join, Future, Semaphore, Latch, Barrier };
  Kind kind = Kind::Join;
  Sym object = kNoSym;
  Sym mutex = kNoSym;              // Condition: the mutex
  std::vector<FunctionId> awaited; // what the awaited thread runs
  WitnessId witness = kNone;
  std::vector<Sym> released;
  bool timed = false;
  bool looped = true;
  template <class C>
  void carry(C &c) {
    c.syms(object, mutex, released);
    c.witnesses(witness);
  }
  friend bool operator==(const BlockingWait &, const BlockingWait &) = default;
};

/// A call of something that only the caller knows: a parameter, or what hangs off it.
struct CallbackCall {
  Sym callee = kNoSym;
  std::vector<Sym> args;
  std::vector<LockState> held; // here, at the call
  WitnessId witness = kNone;
  template <class C>
  void carry(C &c) {
    c.syms(callee, args);
    c.witnesses(witness);
    c.parts(held);
  }
  friend bool operator==(const CallbackCall &, const CallbackCall &) = default;
};

struct Summary {
  bool known = false; // analysed (or being analysed: a recursive call has no exit in the first round)
  std::vector<Exit> exits;
  std::vector<Request> requests;
  std::vector<BlockingWait> waits;
  std::vector<CallbackCall> callbacks;
  template <class C>
  void carry(C &c) {
    c.parts(exits, requests, waits, callbacks);
  }
  friend bool operator==(const Summary &, const Summary &) = default;
};

} // namespace gordian::link

#endif
