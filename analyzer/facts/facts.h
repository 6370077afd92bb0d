// SPDX-License-Identifier: MIT
//
// Facts: what a rule may know. Both front ends (source/ for code, trace/ for runs) fill one Facts; checks/
// turn it into findings and read nothing else. A fact carries its witness (the steps that prove it), its
// thread context and the factors that lower its certainty.
//
// Identity. A Lock here is what two operations must share to be "the same lock": at run time one generation
// of one object, in source one access path. Where a source lock stands for many objects (`Account::mu_` of
// any account), `manyInstances` is set and facts say by Relation how two of its instances relate.
//
// Instances. Where two locks of one fact (held and acquired) are members of one object, they carry the same
// `object` number: then "the same Cache::mutex_" implies "the same Cache::gate_". The number means nothing
// outside its fact; 0 is unknown or no object. Run-time locks need none of this: each is one object.
//
// Steps. In a fact, Step::subject is an index into Facts::locks or -1; the checks map it to
// Finding::subjects. The last step of a witness is the operation itself. ObservedDeadlock and ObservedRace
// come ready for the report and say themselves what their steps' subjects mean.
//
// Concurrency. Whether two acquisitions can be at work at the same time is the front end's knowledge (vector
// clocks; thread roots, phases and joins), so Facts carries an oracle. A context id is opaque to the checks.
#ifndef GORDIAN_FACTS_FACTS_H
#define GORDIAN_FACTS_FACTS_H

#include "finding/finding.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace gordian::facts {

using LockId = uint32_t;
using ContextId =
    uint32_t; // who does it: a thread of a run; a function in a set of roots and a phase in source
constexpr uint32_t kNone = ~0u;

/// What kind of thing is locked. Reader/reader and re-entry rules depend on it.
enum class LockKind {
  Mutex, // normal: not re-entrant
  RecursiveMutex,
  ErrorCheckMutex, // a re-acquisition answers EDEADLK: still a defect
  SharedMutex,     // std::shared_mutex and alike: recursive shared acquisition is undefined
  RwLock,          // pthread, prefers readers: recursive shared acquisition is fine
  WriterRwLock,    // pthread, prefers writers non-recursively
  Spin,
  Semaphore, // used as a lock: initial value 1, released by its holder
  Once,      // call_once, pthread_once, a static initialisation guard: held while the initialiser runs
  Unknown,   // never assumed non-re-entrant
};
inline bool isReentrant(LockKind k) {
  return k == LockKind::RecursiveMutex || k == LockKind::Unknown;
}

struct Lock {
  Subject subject;
  LockKind kind = LockKind::Mutex;
  bool manyInstances = false; // stands for several objects (source only)
  std::string owner; // class whose objects carry it ("" for none or unknown); tells descent within a class
  bool internal = false; // belongs to system or vendored code: findings made only of such locks are dropped
};

/// How the object of one operation relates to the object of another on the same manyInstances lock.
enum class Relation {
  Same,      // provably one object
  Different, // provably two objects, in no known order
  Unknown,
  Ordered,     // an order is enforced between them: address, id, index, std::lock; the held one comes first
  OrderedBack, // the same, and the held one comes last: with Ordered elsewhere it closes a cycle
  ChildOf,     // the second is reached from the first (parent then child, list then next)
};

/// A lock held at some point.
struct Held {
  LockId lock = kNone;
  Mode mode = Mode::Exclusive;
  bool must = true;    // false: held on some paths to the point only
  bool passed = false; // a once flag that is behind: no edge, but what runs under it cannot run any more
  /// Of this lock's object to the object of the fact's lock, where both are manyInstances locks (of one or
  /// two names). Access: ChildOf where the variable is reached from this lock's object.
  Relation relation = Relation::Unknown;
  uint32_t object = 0;         // which object of this fact carries it, 0: unknown or none
  unsigned calls = 0;          // source: between the function that acquired it and the fact's
  std::vector<Step> acquired;  // witness: the acquisition, with its frames (run) or call path (source)
  std::vector<Factor> factors; // of the way from there to the fact
};

/// A blocking or trying acquisition of `lock` while `held` are held; one for each distinct (context, lock,
/// mode, held, site). `held` may be empty: such facts serve the gate and the "who else takes it" questions.
/// `function`: where the operation stands, the enclosing user function, stable (for fingerprints).
struct Acquire {
  LockId lock = kNone;
  Mode mode = Mode::Exclusive;
  bool blocking = true; // false: try or timed. No edge into it, but it is held afterwards
  std::vector<Held> held;
  std::vector<Step> witness; // the request itself last
  ContextId context = kNone;
  uint32_t instance = 0; // front end's number, passed back to the oracle
  uint32_t object = 0;   // which object of this fact carries `lock`, 0: unknown or none
  std::string function;
  std::vector<Factor> factors;
};

/// The holder asks again for what it holds.
struct Reacquire {
  enum class Kind { Relock, Upgrade, SharedReentry };
  Kind kind = Kind::Relock;
  LockId lock = kNone;
  Mode mode = Mode::Exclusive; // of the second request
  bool blocking = true;        // false: try (a probe: not reported) ; timed ones are blocking
  bool timed = false;          // with a time limit, which must expire
  bool writerExists = true;    // SharedReentry: some code acquires it exclusively
  Held first;
  std::vector<Step> witness;
  ContextId context = kNone;
  std::string function;
  std::vector<Factor> factors;
};

struct BadRelease {
  enum class Kind { NeverAcquired, ReleasedTwice, OtherThread, WrongMode };
  Kind kind = Kind::NeverAcquired;
  LockId lock = kNone;
  Mode mode = Mode::Exclusive;
  std::vector<Step> witness; // the bad release last
  std::vector<Step> earlier; // the earlier release or the holder's acquisition, where known
  std::vector<Step> guard;   // where the guard is made that releases it at its end
  ContextId context = kNone;
  std::string function;
  std::vector<Factor> factors;
};

struct HeldAtExit {
  enum class Kind { Return, Throw, ThreadExit, ThreadCancelled, ProcessExit, Destroy };
  Kind kind = Kind::Return;
  Held held;
  std::vector<Step> exit; // the leaving point last
  ContextId context = kNone;
  std::string function;
  std::vector<Factor> factors;
};

/// A condition wait. `others` are held besides `mutex` and stay held while it waits.
struct Wait {
  Subject condition;
  uint32_t conditionId = kNone;
  bool manyInstances = false; // the condition stands for several objects (source only)
  bool sameObject = false;    // ... and the mutex is a member of the same object as the condition
  LockId mutex = kNone;       // kNone: none was given
  bool mutexHeld = true;
  bool looped = true; // in a loop that re-tests, or with a predicate; unknown counts as true
  bool timed = false;
  std::vector<Held> others;
  std::vector<uint32_t> predicate; // ids of variables that the predicate reads
  std::vector<Step> witness;
  ContextId context = kNone;
  std::string function;
  std::vector<Factor> factors;
};

struct Notify {
  uint32_t conditionId = kNone;
  bool all = false;
  std::vector<Held> held;   // held at the notify
  std::vector<Held> needed; // acquired (blocking) on every path to the notify, held or not
  /// Predicate variables written on the way to the notify without any lock of the waiters' held.
  std::vector<std::pair<uint32_t, std::vector<Step>>> unguardedWrites;
  std::vector<Step> witness;
  ContextId context = kNone;
  std::string function;
};

/// A wait without a time limit for something other than a lock or a condition, with locks held; and what the
/// awaited party acquires before it can answer.
struct Block {
  enum class Kind { Join, Future, Semaphore, Latch, Barrier, Other };
  Kind kind = Kind::Join;
  Subject object;
  std::vector<Held> held;
  /// Blocking acquisitions of the awaited side, of locks in `held` or reached. `object` numbers are this
  /// fact's own here too.
  std::vector<Acquire> awaited;
  std::vector<Step> witness;
  ContextId context = kNone;
  std::string function;
  std::vector<Factor> factors;
};

/// An access to a shared variable (source), with the locks held for sure.
struct Access {
  uint32_t variable = kNone;
  bool write = false;
  bool atomic = false;
  bool byMain = false; // source: main runs it
  bool near = true;    // source: within a few calls of what a thread runs first, so that it surely does
  uint32_t object = 0; // which object of this fact carries the variable, 0: unknown or none
  std::vector<Held> held;
  std::vector<Step> witness;
  ContextId context = kNone;
  uint32_t instance = 0; // front end's number, passed back to the oracle
  std::string function;
  std::vector<Factor> factors;
};
/// What one thread tells another one by, where no lock does: an atomic that is written and read, a semaphore
/// that is posted and waited for, a condition, latch, barrier or future (source only). `function` gives or
/// takes it at `at`, perhaps in what it calls.
struct HandOver {
  std::string function;
  uint64_t thing = 0; // kHandOverUnknown in the lower half: any of its kind
  bool gives = false;
  Location at; // unknown: when the thread ends
};
constexpr uint32_t kHandOverUnknown = kNone;

struct Variable {
  Subject subject;
  bool manyInstances = false;
  std::string owner; // class whose objects carry it ("" for none or unknown)
};

/// A race that another engine (ThreadSanitizer) proved: two accesses with stacks. Step::subject: 0 is the
/// variable, -1 anything else.
struct ObservedRace {
  Subject variable;
  Participant first, second;
  std::vector<Step> related; // allocation, thread creation
  bool predicted = false;    // not in this schedule, but proved for another one (instrument/predict)
};

/// Threads that did block each other. Step::subject is an index into `subjects`.
struct ObservedDeadlock {
  enum class Kind { Cycle, Self, Stall }; // Stall: all threads blocked, and nothing can wake one
  Kind kind = Kind::Cycle;
  std::vector<Subject> subjects;
  std::vector<LockId> locks; // those of `subjects` that are locks (kNone for others), same order
  std::vector<Participant>
      participants; // each: what it holds (Acquire), then what it waits for (Request, Wait, Join)
};

/// May two acquisitions be pending at the same time in different threads? Source: Yes is said of entry points
/// that threads of an unknown program may call (a library), Proved of code under two roots that this program
/// starts as threads (or under one that it starts twice, or beside main) and that no join or creation orders.
/// An access without any lock is a race only where it is Proved or where the variable's other accesses say
/// which lock guards it.
enum class Concurrency {
  No,       // proved ordered, or one single thread
  Unlikely, // ordering that the front end cannot see may exist: a hint only
  Yes,
  Proved, // run: a sound reordering of the recording reaches it; source: see above
};

/// How a thread comes to an access: where it starts, and the calls from there, the last one first.
struct Way {
  std::string thread;
  std::vector<Frame> calls;
};

class Order {
public:
  virtual ~Order() = default;
  /// For the whole cycle at once (size >= 2): are all of them together possible?
  virtual Concurrency concurrent(const std::vector<const Acquire *> &cycle) const = 0;
  /// For two accesses (data races).
  virtual Concurrency concurrent(const Access &a, const Access &b) const = 0;
  /// How two threads come to the two at one time; empty where that is not known.
  virtual std::vector<Way> ways(const Access &, const Access &) const { return {}; }
  /// Why, as one clause for the reader: "threads T1 and T2 are both created in main:40".
  virtual std::string reason(const std::vector<const Acquire *> &cycle) const = 0;
};

struct Facts {
  std::vector<Lock> locks;
  std::vector<Variable> variables;
  std::vector<std::string> contexts; // names by ContextId: "thread T2 (worker)"; may be empty or shorter
  std::vector<Acquire> acquires;
  std::vector<Reacquire> reacquires;
  std::vector<BadRelease> badReleases;
  std::vector<HeldAtExit> heldAtExits;
  std::vector<Wait> waits;
  std::vector<Notify> notifies;
  std::vector<Block> blocks;
  std::vector<Access> accesses;
  std::vector<HandOver> handOvers;
  std::vector<ObservedRace> races;
  std::vector<ObservedDeadlock> deadlocks;
  std::shared_ptr<const Order> order;   // never null once the front end is done
  Evidence evidence = Evidence::Static; // Static for source, Observed for runs
  std::vector<Notification> notifications;
};

} // namespace gordian::facts

#endif
