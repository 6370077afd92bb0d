// SPDX-License-Identifier: MIT
//
// Mutexes. What happens on the uncontended path is in this header, so that the hook is one leaf function: a
// look at the owner, the call key, the identity, one probe of the cache, four stores, and a jump to
// the real function.
//
// The protocol (docs/runtime.md). A free mutex is taken at once. One that is taken is waited for in public:
// the wait is published, circles are looked for, then the real function is called; never another one, since a
// trylock in place of a lock would lose EOWNERDEAD, time limits and priorities. Between the look at the lock
// word and the real call another thread may take the lock; then this thread blocks unpublished, its last
// entry being a lock that it does not own: that is how the check of others sees it.
//
// The sequence number of a mutex moves at each release, so it is constant while the mutex is held.
#ifndef GORDIAN_HOOKS_MUTEX_H
#define GORDIAN_HOOKS_MUTEX_H

#include "hooks/entry.h"
#include "hooks/real.h"
#include "hooks/waits.h"

#include <cerrno>
#include <pthread.h>

namespace gordian::runtime {

/// glibc's kind word: the low bits are the type, the others say what makes a mutex special.
constexpr int kMutexTypeMask = 3;
constexpr int kMutexRobust = 16, kMutexInherit = 32, kMutexProtect = 64, kMutexShared = 128;
constexpr int kMutexSpecial = kMutexRobust | kMutexInherit | kMutexProtect | kMutexShared;

inline int mutexKind(const pthread_mutex_t *m) {
  return __atomic_load_n(&m->__data.__kind, __ATOMIC_RELAXED);
}

/// What surrounds the real call where the mutex is taken, re-entrant or special.
class MutexAttempt {
public:
  MutexAttempt(ThreadState *t, pthread_mutex_t *m, CallPoint at, Wait wait);
  int finish(int result);

private:
  void request(int kind);

  ThreadState *t_;
  pthread_mutex_t *m_;
  CallPoint at_;
  uint64_t site_;
  uint32_t waitNumber_ = 0;
  Wait wait_;
  bool own_ = false; // the caller holds it already
};

/// Does the lock itself say that the thread holds it?
inline bool isHeldBy(const pthread_mutex_t *m, uint32_t tid) {
  return uint32_t(__atomic_load_n(&m->__data.__owner, __ATOMIC_RELAXED)) == tid;
}

void initialisedMutex(pthread_mutex_t *m, CallPoint at, uint8_t lockFlags);
void destroyingMutex(pthread_mutex_t *m, CallPoint at);

/// After a success, any kind.
void acquiredMutex(ThreadState *t, pthread_mutex_t *m, CallPoint at, uint64_t site, uint32_t flags);

/// True where the mutex is free, has its identity in place (which says that it is neither special nor a
/// monitor), and the call key is known: then the acquisition is pushed before the real call, which cannot
/// fail, and the hook ends in a jump. A recursive or errorcheck mutex that is free is like any other. It is
/// the owner that is looked at, not the lock word: a load would have to wait for the atomic operation of a
/// release just before, and the C library keeps both together but for an instant.
inline __attribute__((always_inline)) bool knownCall(pthread_mutex_t *m, CallPoint at, ThreadState *t,
                                                     trace::Ref &lock, uint64_t &site) {
  return __builtin_expect(t != nullptr, 1) &&
         __builtin_expect(__atomic_load_n(&m->__data.__owner, __ATOMIC_RELAXED) == 0, 1) &&
         knownCallKey(at, t->stack, site) && readIdentity(m, kMutexPlace, lock);
}

/// The same where the acquisition is not in the cache. `Function` is the real one's member of RealFunctions:
/// with everything in registers, the way here is a jump.
template <auto Function, class Lock>
__attribute__((noinline)) int acquireNew(Lock *l, ThreadState *t, trace::Ref lock, uint64_t site,
                                         CallPoint at) {
  pushHeld(t, l, lock, trace::ObjectKind::None, kHeldPlain, at, site);
  return (real.*Function)(l);
}

template <auto Function, class Lock>
__attribute__((noinline)) int acquireUncached(Lock *l, ThreadState *t, uint64_t chain, CallPoint at) {
  const auto lock = trace::Ref(__atomic_load_n(placeIn(l, kMutexPlace), __ATOMIC_RELAXED));
  return acquireNew<Function>(l, t, lock, siteOfChain(chain, t->heldTop->chain, lock), at);
}

/// The same in a thread some of whose acquisitions are only counted, where this is none of them.
template <auto Function, class Lock>
__attribute__((noinline)) int acquireUncounted(Lock *l, ThreadState *t, uint64_t site, CallPoint at) {
  const auto lock = trace::Ref(__atomic_load_n(placeIn(l, kMutexPlace), __ATOMIC_RELAXED));
  HeldEntry *below = t->heldTop;
  if (pushKnown(t, below, l, chainOf(below->chain, lock, site, 0)))
    return (real.*Function)(l);
  return acquireNew<Function>(l, t, lock, site, at);
}

/// The same where it may be one. What is needed to go on elsewhere stays in its registers, so that there is
/// nothing to save.
template <auto Function, class Lock>
__attribute__((noinline)) int acquireCounted(Lock *l, ThreadState *t, uint64_t site, CallPoint at) {
  HeldEntry *below = t->heldTop;
  trace::ClassRecord *full = fullClass(t, below, site);
  if (__builtin_expect(!full, 0))
    return acquireUncounted<Function>(l, t, site, at);
  const auto lock = trace::Ref(__atomic_load_n(placeIn(l, kMutexPlace), __ATOMIC_RELAXED));
  pushCounted(t, below, full, l, lock, site, chainOf(below->chain, lock, site, 0));
  return (real.*Function)(l);
}

/// The mutex has just been acquired, for the first time by this thread: the same after the call. False:
/// nothing has been done.
inline bool pushTaken(ThreadState *t, pthread_mutex_t *m, CallPoint at, uint32_t flags) {
  trace::Ref lock;
  if (!readIdentity(m, kMutexPlace, lock))
    return false;
  HeldEntry *below = t->heldTop;
  const uint64_t site = callKey(at, t->stack);
  const uint64_t chain = chainOf(below->chain, lock, site, 0);
  return pushIfCounted(t, below, m, lock, site, chain, kHeldPlain | flags) ||
         pushKnown(t, below, m, chain, kHeldPlain | flags);
}

/// The caller's innermost lock is this recursive mutex, and its levels can be counted.
inline HeldEntry *onceMore(ThreadState *t, const pthread_mutex_t *m, int kind) {
  HeldEntry *e = t->heldTop;
  return (kind & (kMutexTypeMask | kMutexSpecial)) == PTHREAD_MUTEX_RECURSIVE && e->address == m &&
                 (e->state & kHeldLevels) < kHeldLevels && isHeldBy(m, t->tid)
             ? e
             : nullptr;
}

template <Wait wait, class Real>
__attribute__((noinline)) int acquireMutex(pthread_mutex_t *m, CallPoint at, Real call) {
  ThreadState *t = enter();
  if (!t)
    return call();
  const int kind = mutexKind(m);
  if (HeldEntry *e = onceMore(t, m, kind)) {
    const int result = call();
    e->state += result == 0;
    return result;
  }
  if (!(kind & kMutexSpecial) && !isHeldBy(m, t->tid) &&
      (wait == Wait::Try || __atomic_load_n(&m->__data.__lock, __ATOMIC_RELAXED) == 0)) {
    constexpr uint32_t kFlags = wait == Wait::Try ? kHeldTry : wait == Wait::Timed ? kHeldTimed : 0;
    const int result = call();
    if (result == 0 && !pushTaken(t, m, at, kFlags))
      acquiredMutex(t, m, at, callKey(at, t->stack), kFlags);
    return result;
  }
  MutexAttempt attempt(t, m, at, wait);
  return attempt.finish(call());
}

/// The plain release of the lock acquired last. False: nothing has been done.
inline __attribute__((always_inline)) bool releaseTop(pthread_mutex_t *m, CallPoint at) {
  ThreadState *t = hot.state;
  if (__builtin_expect(!t, 0))
    return false;
  HeldEntry *e = t->heldTop;
  if (__builtin_expect(e->address != m || (e->state & ~(kHeldTry | kHeldTimed)) != kHeldPlain, 0))
    return false;
  placeIn(m, kMutexPlace)[1]++; // numbers the next acquisition
  t->lastReleasePc = at.pc;
  __atomic_signal_fence(__ATOMIC_SEQ_CST);
  t->heldTop = e - 1;
  return true;
}

void releaseMutexSlowly(pthread_mutex_t *m, CallPoint at);

} // namespace gordian::runtime

#endif
