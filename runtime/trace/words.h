// SPDX-License-Identifier: MIT
//
// The words of a trace: kinds of objects, modes, flags, what was dropped, how a process ended. Part of
// trace/format.h, which is what to include; numbers are part of the format and never change their meaning.
#ifndef GORDIAN_TRACE_WORDS_H
#define GORDIAN_TRACE_WORDS_H

#include <cstdint>

namespace gordian::trace {

/// What kind of object a LockRecord (or a wait) is about.
enum class ObjectKind : uint8_t {
  None = 0,
  Mutex = 1, // PTHREAD_MUTEX_NORMAL or DEFAULT, mtx_plain
  RecursiveMutex = 2,
  ErrorCheckMutex = 3,
  AdaptiveMutex = 4,
  RwLock = 5,       // prefers readers (glibc's default; also what std::shared_mutex is made of)
  WriterRwLock = 6, // PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP
  Spin = 7,
  Semaphore = 8,    // lock-like while kLockLike is set in LockRecord::state
  Once = 9,         // pthread_once, call_once: held while the initialiser runs
  StaticGuard = 10, // __cxa_guard_*: the same for a function-local static
  Condition = 11,
  Barrier = 12,
  Thread = 13,    // awaited by a join; never has a LockRecord
  Futex = 14,     // a word waited for by syscall(SYS_futex): std::latch, std::barrier, atomic wait ...
  Annotated = 15, // a home-made exclusive lock (gordian/annotate.h)
  AnnotatedRecursive = 16,
  AnnotatedRw = 17,
  AnnotatedEvent = 18, // any other home-made waitable: event, queue, future, barrier
  Loader = 19,         // the dynamic loader's lock, held around dlopen and dlclose
  Channel = 20,        // a pipe, pair of sockets or eventfd
};

/// Of the C library.
constexpr bool isMutex(ObjectKind kind) {
  return kind >= ObjectKind::Mutex && kind <= ObjectKind::AdaptiveMutex;
}

enum class Mode : uint8_t { Exclusive = 0, Shared = 1 };

/// LockRecord::flags: fixed at creation.
enum : uint8_t {
  kLockProcessShared = 1, // a SharedLockRecord with its key follows
  kLockRobust = 2,
  kLockPriority = 4,     // inherits or protects priorities
  kLockTimed = 8,        // C11 mtx_timed
  kLockInitialised = 16, // `context` is the *_init call, not the first use
  kLockPython = 32,      // a CPython lock (a semaphore taken by PyThread_acquire_lock*)
  kLockC11 = 64,         // made or first used by mtx_*, cnd_*
  kLockForked = 128,     // existed before fork: first seen again in this process
};

/// LockRecord::state: mutable, bits are only ever set except kLockLike.
enum : uint32_t {
  kLockLike = 1,             // semaphore: initial value 1 and every post so far came from its holder
  kLockMonitor = 2,          // see MonitorRecord
  kLockDestroyed = 4,        // *_destroy was called
  kLockReplaced = 8,         // another lock was found at its address (generation ended without destroy)
  kLockReleasedByOther = 16, // some release came from a thread that did not hold it
  kLockContended = 32,       // some thread had to wait for it
  kLockGivenBack = 64,       // semaphore: a holder posted it
};

/// Incomplete: FileHeader::incomplete, what the file does not hold although it happened.
enum : uint32_t {
  kIncompleteHistory =
      1, // `history` was reached: records were dropped from then on (the rest is a true prefix)
  kIncompleteNodes = 2,    // per-context limits: see ClassRecord
  kIncompleteContexts = 4, // context table full: some acquisitions share their call site's first context
  kIncompleteLocks = 8,    // locks without identity
  kIncompleteThreads = 16, // more live threads than slots; they are untracked
  kIncompleteHeld = 32,    // a thread held more locks than its stack has room for
  kIncompleteOrder = 64,   // ordering events were dropped: see OrderGapRecord
  kIncompleteModules = 128,
  kIncompleteHooks = 256,    // some hook could not find its real function
  kIncompleteDisabled = 512, // a failed invariant switched tracing off
};

/// Dropped: index into FileHeader::dropped.
enum Dropped : uint32_t {
  kDroppedRecords,
  kDroppedNodes,
  kDroppedInstances,
  kDroppedContexts,
  kDroppedLocks,
  kDroppedThreads,
  kDroppedHeld,
  kDroppedOrder,
  kDroppedMisuse,
  kDroppedModules,
  kDroppedSide,
  kDroppedFrames,
  kDroppedCount = 16
};

enum class EndState : uint32_t {
  Running = 0,   // and where the process is gone: killed
  Exited = 1,    // exit() or return from main
  QuickExit = 2, // _exit, quick_exit: no destructors
  Exec = 3,      // replaced by another program
  Aborted = 4,   // abort()
  Killed = 5,    // written by `gordian run` when it ended the process
};

} // namespace gordian::trace

#endif
