// SPDX-License-Identifier: MIT
//
// What a library function does to locks, threads, conditions and to the values that carry them: one Row for
// each. Rows are matched on ir::Function::pattern (a qualified name without template arguments) and, for
// overloads, on the number and the types of the parameters. Built-in rows stand in *.def, the user's come
// from .gordian.yaml; both are the same thing. Wrappers of these functions are never listed: their summaries
// say what they do.
#ifndef GORDIAN_SOURCE_LINK_TABLES_ROW_H
#define GORDIAN_SOURCE_LINK_TABLES_ROW_H

#include "facts/facts.h"

#include <string>
#include <string_view>
#include <vector>

namespace gordian::link {

/// `object`, `other` and `callee` below are the argument numbers of the row; `this` is argument 0 of a
/// method.
enum class Effect : uint8_t {
  // Locks.
  Acquire,     // object; whether it did is told by `success`
  Release,     // object, in `mode`, or in any mode if anyMode
  InitLock,    // object is a new lock; other: attributes
  DestroyLock, // object ends
  LockKindIs,  // other is the kind (as a number of the C library) that attributes `object` stand for
  AcquireAll,  // every argument from object on, without a deadlock among them (std::lock)
  Once,        // object is held while callee runs; a second call does nothing
  // Guards: objects that remember a lock and whether they own it. object is the guard.
  GuardAcquire, // takes the lock `other` and all arguments behind it
  GuardAdopt,   // owns `other` and behind, already held
  GuardDefer,   // remembers `other`
  GuardTry,     // as GuardAcquire, may fail
  GuardEmpty,   // remembers nothing
  GuardDestroy, // releases what it owns
  GuardLock,    // m.lock() through the guard; blocking and success as in the row
  GuardUnlock,
  GuardForget, // release(): gives up ownership without releasing, returns the lock
  GuardOwns,   // whether it owns
  GuardLockOf, // the lock
  GuardMove,   // takes over from guard `other`; as an assignment releases first what it owned
  GuardSwap,
  // Conditions. object is the condition.
  ConditionWait,   // other: the mutex or the guard (viaGuard); callee: a predicate; timed
  ConditionNotify, // all: every waiter
  // Waiting for something else. object is it.
  SemaphoreInit, // other: the initial count
  SemaphoreWait,
  SemaphorePost,
  BarrierWait,
  LatchWait,
  LatchCount,
  FutureWait,
  PromiseSet,
  PromiseFuture, // the future of promise (or task) object, into the result
  SpawnInto,     // as Spawn; the handle becomes an element of container object
  // Threads. object is the handle.
  Spawn,       // callee runs in a new thread with the arguments from other on
  SpawnFuture, // the same; the result is its future (std::async)
  Join,
  JoinElements, // all that container object holds: it is emptied or ends
  Detach,
  ThreadExit,
  LongJump, // goes on behind the setjmp of a caller
  SetJump,
  ThreadMove, // the handle takes over the thread of handle `other`
  ThreadSwap,
  ThreadSelf, // the result is the current thread
  Handler,    // callee (or what object argument `other` holds) interrupts whatever runs
  // Values that the analysis follows through the library.
  Invoke,       // calls callee with the arguments from other on, here and now
  CallObject,   // calls what callable object holds (std::function::operator())
  KeepCallable, // object now holds callable `other`
  BindCallable, // the result holds callable `other`
  PassThrough,  // the result is argument object
  OwnerGet,     // the result is the pointer that owner object holds (unique_ptr::get)
  OwnerSet,     // owner object takes pointer `other` (none: null)
  OwnerMove,    // owner object takes over from owner `other`
  OwnerMake,    // the result is an owner of a new object (make_unique)
  OwnerTest,    // whether the owner's pointer is not null
  Element,      // the result is the address of an element of container object at index `other`
  SwapValues,   // *object and *other change places
  Exchange,     // the result is what *object held; it now holds `other`
  MinMax,       // the result is a pair of references to object and `other`, the lower one first
  LessThan,     // the result is object < other
  Equals,       // the result is object == other
  AtomicLoad,   // the result is what *object holds
  AtomicStore,  // *object = other
  Nothing,      // known to do nothing that matters here
};

/// How the result says that a lock was acquired.
enum class Success : uint8_t { Always, Zero, True, Negative };

enum class Waits : uint8_t { Forever, Timed, Never };

constexpr int kNoArgument = -1;

struct Row {
  std::string pattern = {};
  Effect effect = Effect::Nothing;
  int object = 0;
  int other = kNoArgument;
  int callee = kNoArgument;
  Mode mode = Mode::Exclusive;
  Waits waits = Waits::Forever;
  Success success = Success::Always;
  facts::LockKind kind = facts::LockKind::Mutex;
  bool anyMode = false;  // Release: of whatever mode is held (pthread_rwlock_unlock)
  bool all = false;      // ConditionNotify: broadcast
  bool viaGuard = false; // ConditionWait: `other` is a guard of the mutex
  bool may = false;      // a GuardMove or OwnerMove that copies (shared_ptr)
  // Which overload: number of parameters (this included; -1: any) and, at position `tagAt`, a type that has
  // this in its name.
  std::string nameHas = {}; // part of the function's name with template arguments
  int arity = -1;
  int tagAt = kNoArgument;
  std::string tag = {};
};

/// The word of an effect, mode ... as user rows spell it; "" if there is none of that name.
std::string_view nameOf(Effect e);

} // namespace gordian::link

#endif
