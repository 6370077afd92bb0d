// SPDX-License-Identifier: MIT
//
// Mutexes. What happens on the uncontended path is in this header, so that the hook is one leaf function: the
// C library's own atomic operation (free_lock.h), the call key, the identity, one probe of the cache, four
// stores.
//
// The protocol (docs/runtime.md). A free mutex is taken at once, then recorded. One that is taken is waited
// for in public: the wait is published, circles are looked for, then the real function is called; never
// another one, since a trylock in place of a lock would lose EOWNERDEAD, time limits and priorities. For a
// mutex that only the real function may take, another thread may come between the look at its word and the
// call; then this thread blocks unpublished, and the check of others does not see it until it has the lock.
//
// The sequence number of a mutex moves at each release, so it is constant while the mutex is held.
#ifndef GORDIAN_HOOKS_MUTEX_H
#define GORDIAN_HOOKS_MUTEX_H

#include "hooks/entry.h"
#include "hooks/free_lock.h"
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

template <Wait wait>
constexpr uint32_t kMutexFlags = wait == Wait::Try     ? kHeldTry
                                 : wait == Wait::Timed ? kHeldTimed
                                                       : 0;

/// Does the lock itself say that the thread holds it?
inline bool isHeldBy(const pthread_mutex_t *m, uint32_t tid) {
  return uint32_t(__atomic_load_n(&m->__data.__owner, __ATOMIC_RELAXED)) == tid;
}

void initialisedMutex(pthread_mutex_t *m, CallPoint at, uint8_t lockFlags);
void destroyingMutex(pthread_mutex_t *m, CallPoint at);

/// After a success, any kind.
void acquiredMutex(ThreadState *t, pthread_mutex_t *m, CallPoint at, uint64_t site, uint32_t flags);

/// The mutex has just been acquired, for the first time by this thread. False: nothing has been done.
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

/// The same, whatever it takes; 0. So that the hook ends in a jump.
int recordTaken(pthread_mutex_t *m, ThreadState *t, CallPoint at, uint32_t flags);

/// The same in a thread some of whose acquisitions are only counted.
int countTaken(pthread_mutex_t *m, ThreadState *t, CallPoint at, uint64_t site, uint32_t flags);

/// Takes a free mutex of a basic kind, and records that. The order matters for the cost: what the record
/// needs is loaded while the atomic operation of the acquisition, which waits for all before it, is behind us
/// and that of the release has not begun.
template <uint32_t flags>
inline __attribute__((always_inline)) bool acquireFree(pthread_mutex_t *m, CallPoint at, int &result) {
  ThreadState *t = hot.state;
  if (__builtin_expect(!t || !takeFreeMutex(m, t->tid), 0))
    return false;
  trace::Ref lock;
  uint64_t site;
  if (__builtin_expect(!knownCallKey(at, t->stack, site) || !readIdentity(m, kMutexPlace, lock), 0))
    result = recordTaken(m, t, at, flags);
  else if (__builtin_expect(t->countsClasses, 0))
    result = countTaken(m, t, at, site, flags);
  else if (__builtin_expect(
               pushKnown(t, t->heldTop, m, chainOf(t->heldTop->chain, lock, site, 0), kHeldPlain | flags), 1))
    result = 0;
  else
    result = recordTaken(m, t, at, flags);
  return true;
}

/// Free, but not to be had by takeFreeMutex(): then only the real function can tell. A mutex of which that
/// has been tried is waited for, even if it has just been given back.
inline bool looksFree(const pthread_mutex_t *m, int kind) {
  return __atomic_load_n(&m->__data.__lock, __ATOMIC_RELAXED) == 0 && !isTakenHere(uint32_t(kind));
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
    const int result = takeLevel(m) ? 0 : call();
    e->state += result == 0;
    return result;
  }
  const bool here = takeFreeMutex(m, t->tid);
  if (here ||
      (!(kind & kMutexSpecial) && !isHeldBy(m, t->tid) && (wait == Wait::Try || looksFree(m, kind)))) {
    const int result = here ? 0 : call();
    if (result == 0 && !pushTaken(t, m, at, kMutexFlags<wait>))
      acquiredMutex(t, m, at, callKey(at, t->stack), kMutexFlags<wait>);
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
