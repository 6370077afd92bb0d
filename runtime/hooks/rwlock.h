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
#include "hooks/free_lock.h"
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

/// No reader, and no writer that holds it or waits for readers: glibc's __readers without the bits that say
/// in which phase an idle lock was left.
inline bool isUnheld(const pthread_rwlock_t *l) {
  return (__atomic_load_n(&l->__data.__readers, __ATOMIC_RELAXED) & ~5u) == 0;
}
bool isFree(const pthread_spinlock_t *l);

/// The acquisition is pushed; for a rwlock whose identity is in place and known, without a call.
void acquiredShared(ThreadState *t, const void *address, const LockTraits &traits, bool place, uint32_t flags,
                    CallPoint at, uint64_t site);
void releaseSharedSlowly(ThreadState *t, const void *address, bool place, bool taken, uint32_t ownerTid,
                         CallPoint at);
void initialisedShared(const void *address, LockTraits traits, bool place, CallPoint at);
void destroyingShared(const void *address, bool place, bool taken, CallPoint at);

/// The state of an acquisition of a rwlock whose identity lies in it.
template <trace::Mode mode, Wait wait>
constexpr uint32_t kRwLockState = kHeldPlain | (mode == trace::Mode::Shared ? kHeldShared : 0) |
                                  (wait == Wait::Try     ? kHeldTry
                                   : wait == Wait::Timed ? kHeldTimed
                                                         : 0);

/// Nobody holds the lock in a way that the request has to wait for, and the caller does not hold it. A reader
/// without other locks need not look at the other readers: it is the writer that is looked at then, since a
/// load of their number would have to wait for the atomic operation of a release just before.
template <trace::Mode mode>
inline __attribute__((always_inline)) bool isOpen(const pthread_rwlock_t *l, ThreadState *t) {
  if (mode == trace::Mode::Shared && t->heldTop == t->bottom() && l->__data.__flags == 0)
    return __atomic_load_n(&l->__data.__cur_writer, __ATOMIC_RELAXED) == 0;
  return isUnheld(l);
}

/// True where the lock is open, and identity (which says that it is not shared between processes) and call
/// key are known: as with a mutex the acquisition is pushed before the real call, which cannot fail.
template <trace::Mode mode>
inline __attribute__((always_inline)) bool knownCall(pthread_rwlock_t *l, CallPoint at, ThreadState *t,
                                                     trace::Ref &lock, uint64_t &site) {
  return __builtin_expect(t != nullptr, 1) && __builtin_expect(isOpen<mode>(l, t), 1) &&
         knownCallKey(at, t->stack, site) && readIdentity(l, kRwLockPlace, lock);
}

/// The lock has just been acquired for reading; 0.
int recordReading(pthread_rwlock_t *l, ThreadState *t, CallPoint at);

/// Acquires for reading what is free, and records that; in the order of acquireFree (mutex.h). Other readers
/// may include this very thread, if it holds anything.
inline __attribute__((always_inline)) bool acquireFreeForReading(pthread_rwlock_t *l, CallPoint at,
                                                                 int &result) {
  constexpr uint32_t kState = kRwLockState<trace::Mode::Shared, Wait::Block>;
  ThreadState *t = hot.state;
  if (__builtin_expect(!t || !takeFreeForReading(l, t->heldTop == t->bottom()), 0))
    return false;
  trace::Ref lock;
  uint64_t site;
  const bool known = knownCallKey(at, t->stack, site) && readIdentity(l, kRwLockPlace, lock);
  if (__builtin_expect(known && !t->countsClasses, 1) &&
      __builtin_expect(
          pushKnown(t, t->heldTop, l, chainOf(t->heldTop->chain, lock, site, kHeldShared), kState), 1))
    result = 0;
  else
    result = recordReading(l, t, at);
  return true;
}

template <trace::Mode mode, Wait wait, class Real>
__attribute__((noinline)) int acquireRwLock(pthread_rwlock_t *l, CallPoint at, Real call) {
  ThreadState *t = enter();
  if (__builtin_expect(!t, 0))
    return call();
  trace::Ref lock;
  // Readers beside this one may include this very thread.
  if ((wait == Wait::Try || isFree(l, mode)) && readIdentity(l, kRwLockPlace, lock) &&
      (isUnheld(l) || !findHeld(t, l))) {
    constexpr uint32_t kState = kRwLockState<mode, wait>;
    const uint64_t site = callKey(at, t->stack);
    const int result = call();
    HeldEntry *below = t->heldTop;
    const uint64_t chain = chainOf(below->chain, lock, site, kState & kHeldShared);
    if (__builtin_expect(result == 0, 1) && !pushIfCounted(t, below, l, lock, site, chain, kState) &&
        !pushKnown(t, below, l, chain, kState))
      pushHeld(t, l, lock, trace::ObjectKind::None, kState, at, site);
    return result;
  }
  SharedAttempt attempt(t, l, at, wait, mode);
  return attempt.finish(call());
}

/// A known call in a thread some of whose acquisitions are only counted.
template <trace::Mode mode, Wait wait, class Real>
__attribute__((noinline)) int acquireCountedRwLock(pthread_rwlock_t *l, ThreadState *t, uint64_t site,
                                                   CallPoint at, Real call) {
  constexpr uint32_t kState = kRwLockState<mode, wait>;
  const auto lock = trace::Ref(__atomic_load_n(placeIn(l, kRwLockPlace), __ATOMIC_RELAXED));
  HeldEntry *below = t->heldTop;
  const uint64_t chain = chainOf(below->chain, lock, site, kState & kHeldShared);
  if (__builtin_expect(
          pushIfCounted(t, below, l, lock, site, chain, kState) || pushKnown(t, below, l, chain, kState), 1))
    return call();
  return acquireRwLock<mode, wait>(l, at, call);
}

template <Wait wait, class Real>
__attribute__((noinline)) int acquireSpin(pthread_spinlock_t *l, CallPoint at, Real call) {
  ThreadState *t = enter();
  if (__builtin_expect(!t, 0))
    return call();
  void *address = const_cast<int *>(l);
  Object *o = wait == Wait::Try || isFree(l) ? findObject(address) : nullptr;
  if (const trace::Ref lock = o ? o->lock : trace::kNoRef) {
    constexpr uint32_t kState = kHeldOnce | (wait == Wait::Try ? kHeldTry : 0);
    const uint64_t site = callKey(at, t->stack);
    HeldEntry *below = t->heldTop;
    const uint64_t chain = chainOf(below->chain, lock, site, 0);
    const int result = call();
    if (result != 0)
      return result;
    o->sequence++;
    if (!pushIfCounted(t, below, address, lock, site, chain, kState) &&
        !pushKnown(t, below, address, chain, kState))
      pushHeld(t, address, lock, trace::ObjectKind::Spin, kState, at, site);
    return result;
  }
  SharedAttempt attempt(t, l, at, wait);
  return attempt.finish(call());
}

/// The plain release of the lock acquired last. False: nothing has been done.
inline __attribute__((always_inline)) bool popTop(const void *address, CallPoint at) {
  constexpr uint32_t kIrrelevant = kHeldShared | kHeldTry | kHeldTimed | kHeldInLock;
  ThreadState *t = hot.state;
  if (__builtin_expect(!t, 0))
    return false;
  HeldEntry *e = t->heldTop;
  if (__builtin_expect(e->address != address || (e->state & ~kIrrelevant) != kHeldOnce, 0))
    return false;
  t->lastReleasePc = at.pc;
  __atomic_signal_fence(__ATOMIC_SEQ_CST);
  t->heldTop = e - 1;
  return true;
}

} // namespace gordian::runtime

#endif
