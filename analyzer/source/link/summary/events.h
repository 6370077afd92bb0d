// SPDX-License-Identifier: MIT
//
// What happens in a function, in its own frame: recorded once its analysis is stable, turned into facts when
// it is known who calls it (facts/ of the link). One event for each place, lock and set of held locks.
#ifndef GORDIAN_SOURCE_LINK_SUMMARY_EVENTS_H
#define GORDIAN_SOURCE_LINK_SUMMARY_EVENTS_H

#include "source/link/summary/summary.h"

namespace gordian::link {

/// How two objects relate, in one frame and under the conditions that hold there.
enum class Between : uint8_t { Same, Different, Unknown, Ascending, Descending, ChildOf };

struct HeldHere {
  Sym path = kNoSym;
  Mode mode = Mode::Exclusive;
  facts::LockKind kind = facts::LockKind::Mutex;
  bool must = true;
  bool fromCaller = false;
  Between between = Between::Unknown; // of the held lock's object to the requested one's
  bool passed = false;                // a once flag: not held any more, but what it guards is over for good
  WitnessId acquired = kNone;
  template <class C>
  void carry(C &c) {
    c.syms(path);
    c.witnesses(acquired);
  }
};

/// What every event carries: where, on a path that is doubtful, with which threads of this function running.
struct Happening {
  uint32_t site = 0;
  std::vector<Atom> params; // what is known of the parameters themselves on the paths to it
  WitnessId witness = kNone;
  Sym doubt = kNoSym;
  bool blurred = false; // only on paths that stand for others too
  uint32_t threads = 0; // index into FunctionEvents::threadSets
  std::vector<HeldHere> held;
  std::vector<Sym> released; // the caller's locks that were given back before
  template <class C>
  void carry(C &c) {
    c.parts(params, held);
    c.witnesses(witness);
    c.syms(doubt, released);
  }
};

struct AcquireEvent : Happening {
  static constexpr int kTag = 1;
  Sym path = kNoSym;
  Mode mode = Mode::Exclusive;
  facts::LockKind kind = facts::LockKind::Mutex;
  Waits waits = Waits::Forever;
  bool ownerChecked = false;
  bool ownRequest = false; // stands in this function, or in a wrapper that it calls
  bool leftHeld = false;   // this function is a wrapper itself: its callers say the same
  template <class C>
  void carry(C &c) {
    Happening::carry(c);
    c.syms(path);
  }
};

struct ReacquireEvent : Happening {
  static constexpr int kTag = 2;
  Sym path = kNoSym;
  Mode mode = Mode::Exclusive;
  facts::LockKind kind = facts::LockKind::Mutex;
  Waits waits = Waits::Forever;
  HeldHere first;
  template <class C>
  void carry(C &c) {
    Happening::carry(c);
    c.syms(path);
    c.parts(first);
  }
};

struct ReleaseEvent : Happening {
  static constexpr int kTag = 3;
  enum class Kind : uint8_t { FromCaller, Own, Twice, WrongMode, Untested };
  Kind kind = Kind::Own;
  Sym path = kNoSym;
  Mode mode = Mode::Exclusive;
  facts::LockKind lockKind = facts::LockKind::Mutex;
  std::vector<Atom> atoms;   // what is known of the parameters
  WitnessId earlier = kNone; // Twice: the earlier release; the others: the acquisition
  template <class C>
  void carry(C &c) {
    Happening::carry(c);
    c.syms(path);
    c.parts(atoms);
    c.witnesses(earlier);
  }
};

struct WaitEvent : Happening {
  static constexpr int kTag = 4;
  BlockingWait wait;
  bool mutexHeld = true;
  bool mutexTaken = false; // acquired in this function: not left to the callers
  bool ownWait = false;
  bool tested = false;        // a branch of this function decides whether it waits
  bool believed = false;      // ... once; after that its answer is taken for the event
  std::vector<Sym> predicate; // addresses that its predicate reads
  template <class C>
  void carry(C &c) {
    Happening::carry(c);
    c.parts(wait);
    c.syms(predicate);
  }
};

struct NotifyEvent : Happening {
  static constexpr int kTag = 5;
  BlockingWait::Kind kind = BlockingWait::Kind::Condition;
  Sym object = kNoSym;
  bool all = false;
  std::vector<HeldHere> needed;                    // acquired on the way
  std::vector<std::pair<Sym, uint32_t>> unguarded; // addresses written with no lock held, and where
  template <class C>
  void carry(C &c) {
    Happening::carry(c);
    c.syms(object);
    c.parts(needed);
    c.firsts(unguarded);
  }
};

struct AccessEvent : Happening {
  static constexpr int kTag = 6;
  Sym address = kNoSym;
  bool write = false, atomic = false;
  bool exchanges = false;    // atomically: what was there decides how the thread goes on
  bool constructing = false; // of the object under construction or destruction
  template <class C>
  void carry(C &c) {
    Happening::carry(c);
    c.syms(address);
  }
};

struct CallEvent : Happening {
  static constexpr int kTag = 7;
  std::vector<FunctionId> targets;
  std::vector<Sym> args;
  bool looped = false;    // in a loop that tests again: for callees that wait
  uint64_t ascending = 0; // bit 8 * i + j: argument i comes before argument j in some order
  template <class C>
  void carry(C &c) {
    Happening::carry(c);
    c.syms(args);
  }
};

struct SpawnEvent : Happening {
  static constexpr int kTag = 8;
  std::vector<FunctionId> targets;
  std::vector<Sym> args; // of the thread's function
  Sym handle = kNoSym;
  bool many = false;  // in a loop
  bool given = false; // what it runs is a parameter
  template <class C>
  void carry(C &c) {
    Happening::carry(c);
    c.syms(args, handle);
  }
};

struct KindEvent {
  Sym path = kNoSym;
  facts::LockKind kind = facts::LockKind::Unknown;
  template <class C>
  void carry(C &c) {
    c.syms(path);
  }
};

struct ExitEvent : Happening {
  static constexpr int kTag = 9;
  bool unwinds = false, assumedThrow = false;
  bool destroys = false; // not the function's exit: the lock's end
  Sym result = kNoSym;
  std::vector<LockState> locks;
  std::vector<Atom> atoms;
  template <class C>
  void carry(C &c) {
    Happening::carry(c);
    c.syms(result);
    c.parts(locks, atoms);
  }
};

struct FunctionEvents {
  std::vector<AcquireEvent> acquires;
  std::vector<ReacquireEvent> reacquires;
  std::vector<ReleaseEvent> releases;
  std::vector<WaitEvent> waits;
  std::vector<NotifyEvent> notifies;
  std::vector<AccessEvent> accesses;
  std::vector<CallEvent> calls;
  std::vector<SpawnEvent> spawns;
  std::vector<KindEvent> kinds;
  std::vector<std::pair<Sym, uint32_t>> destroyed; // locks, and where
  std::vector<ExitEvent> exits;
  std::vector<std::vector<LiveThread>> threadSets;
  template <class C>
  void carry(C &c) {
    c.parts(acquires, reacquires, releases, waits, notifies, accesses, calls, spawns, kinds, exits,
            threadSets);
    c.firsts(destroyed);
  }
};

} // namespace gordian::link

#endif
