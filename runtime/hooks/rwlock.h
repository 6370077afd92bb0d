// SPDX-License-Identifier: MIT
//
// Read-write locks and spin locks. Their bodies differ from a mutex's in who may hold them and in where the
// identity lies: a rwlock has one word in place, a spin lock is only an int and has an Object.
//
// A thread that read-locks again what it read-locks already is recorded as SharedReentry whatever the lock's
// kind; whether that is a defect depends on the type in the program (std::shared_mutex) and on writers, which
// the analyser knows.
#ifndef GORDIAN_HOOKS_RWLOCK_H
#define GORDIAN_HOOKS_RWLOCK_H

#include "hooks/entry.h"
#include "hooks/holders.h"
#include "hooks/mutex.h"

#include <pthread.h>

namespace gordian::runtime {

/// What surrounds the real call of either kind where it is not simply free.
class SharedAttempt {
public:
  SharedAttempt(ThreadState *t, pthread_rwlock_t *l, CallPoint at, Wait wait, trace::Mode mode);
  SharedAttempt(ThreadState *t, pthread_spinlock_t *l, CallPoint at, Wait wait);
  int finish(int result);

private:
  void request();
  void recordAgain(const Recording &r, int error);
  uint32_t stateFlags() const;

  ThreadState *t_;
  const void *address_;
  CallPoint at_;
  uint64_t site_;
  LockTraits traits_;
  HeldEntry *own_ = nullptr; // how the caller holds it already
  uint32_t waitNumber_ = 0;
  Wait wait_;
  trace::Mode mode_;
  bool place_;
};

LockTraits traitsOf(const pthread_rwlock_t *l);
bool isFree(const pthread_rwlock_t *l, trace::Mode mode);
bool isFree(const pthread_spinlock_t *l);

/// The acquisition is pushed; for a rwlock whose identity is in place and known, without a call.
void acquiredShared(ThreadState *t, const void *address, const LockTraits &traits, bool place, uint32_t flags,
                    CallPoint at, uint64_t site);
void releaseSharedSlowly(ThreadState *t, const void *address, bool place, bool taken, uint32_t ownerTid,
                         CallPoint at);
void initialisedShared(const void *address, LockTraits traits, bool place, CallPoint at);
void destroyingShared(const void *address, bool place, bool taken, CallPoint at);

template <trace::Mode mode, Wait wait, class Real>
__attribute__((noinline)) int acquireRwLock(pthread_rwlock_t *l, CallPoint at, Real call) {
  ThreadState *t = enter();
  if (__builtin_expect(!t, 0))
    return call();
  trace::Ref lock;
  // Readers beside this one may include this very thread: that is the slow way's to find out.
  const bool alone = (__atomic_load_n(&l->__data.__readers, __ATOMIC_RELAXED) >> 3) == 0;
  if (__builtin_expect(
          alone && isFree(l, mode) && l->__data.__shared == 0 &&
              placedIdentity(l, __atomic_load_n(placeIn(l, kRwLockPlace), __ATOMIC_RELAXED), lock),
          1)) {
    const uint64_t site = callKey(at, t->stackHigh);
    const int result = call();
    constexpr uint32_t kState = kHeldPlain | (mode == trace::Mode::Shared ? kHeldShared : 0) |
                                (wait == Wait::Try     ? kHeldTry
                                 : wait == Wait::Timed ? kHeldTimed
                                                       : 0);
    HeldEntry *below = t->heldTop;
    const uint64_t chain = chainOf(below->chain, lock, site, kState & kHeldShared);
    if (__builtin_expect(result == 0, 1) && !pushKnown(t, below, l, chain, kState) &&
        !pushCounted(t, below, l, lock, traitsOf(l).kind, site, chain, kState))
      pushHeld(t, l, lock, traitsOf(l).kind, kState, at, site);
    return result;
  }
  SharedAttempt attempt(t, l, at, wait, mode);
  return attempt.finish(call());
}

template <Wait wait, class Real>
__attribute__((noinline)) int acquireSpin(pthread_spinlock_t *l, CallPoint at, Real call) {
  ThreadState *t = enter();
  if (__builtin_expect(!t, 0))
    return call();
  SharedAttempt attempt(t, l, at, wait);
  return attempt.finish(call());
}

/// The ways a lock may be held that need nothing but a pop.
inline bool popsPlainly(const HeldEntry *e, const void *address) {
  constexpr uint32_t kIrrelevant = kHeldShared | kHeldTry | kHeldTimed | kHeldInLock;
  return e->address == address && (e->state & ~kIrrelevant) == kHeldOnce;
}

} // namespace gordian::runtime

#endif
