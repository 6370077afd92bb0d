// SPDX-License-Identifier: MIT
#include "hooks/rwlock.h"

#include "hooks/layout.h"

#include "trace/contexts.h"
#include "trace/order.h"
#include "trace/writer.h"

namespace gordian::runtime {

using namespace gordian::trace;

namespace {

Ref knownLock(const void *address, bool place) {
  if (!place) {
    const Object *o = findObject(address);
    return o ? o->lock : kNoRef;
  }
  Ref lock;
  return placedIdentity(address, __atomic_load_n(placeIn(address, kRwLockPlace), __ATOMIC_ACQUIRE), lock)
             ? lock
             : kNoRef;
}

Ref identityOf(const Recording &r, const void *address, const LockTraits &traits, bool place, CallPoint at,
               uint64_t site) {
  if (place)
    return identifyInPlace(r.thread(), placeIn(address, kRwLockPlace), address, traits, at, site);
  Object *o = objectAt(address);
  return o ? identify(r.thread(), o, traits, at, site) : kNoRef;
}

} // namespace

LockTraits traitsOf(const pthread_rwlock_t *l) {
  const bool writers = l->__data.__flags == PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP;
  return {writers ? ObjectKind::WriterRwLock : ObjectKind::RwLock,
          uint8_t(l->__data.__shared ? kLockProcessShared : 0)};
}

bool isFree(const pthread_rwlock_t *l, Mode mode) {
  const uint32_t readers = __atomic_load_n(&l->__data.__readers, __ATOMIC_RELAXED);
  if (mode == Mode::Exclusive)
    return !(readers & kWriteLocked) && readers >> kReaderShift == 0;
  if (l->__data.__flags != PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP)
    return !keepsReadersOut(readers);
  return !(readers & kWriteLocked) && __atomic_load_n(&l->__data.__writers, __ATOMIC_RELAXED) == 0;
}

bool isFree(const pthread_spinlock_t *l) {
  return spinIsFree(__atomic_load_n(l, __ATOMIC_RELAXED));
}

SharedAttempt::SharedAttempt(ThreadState *t, pthread_rwlock_t *l, CallPoint at, Wait wait, Mode mode)
    : t_(t), address_(l), at_(at), site_(callKey(at, t->stack)), traits_(traitsOf(l)), own_(findHeld(t, l)),
      wait_(wait), mode_(mode), place_(placesUsable && !l->__data.__shared) {
  if (wait != Wait::Try && !isFree(l, mode))
    request();
}

SharedAttempt::SharedAttempt(ThreadState *t, pthread_spinlock_t *l, CallPoint at, Wait wait)
    : t_(t), address_(const_cast<const int *>(l)), at_(at), site_(callKey(at, t->stack)),
      traits_{ObjectKind::Spin}, wait_(wait), mode_(Mode::Exclusive), place_(false) {
  if (wait == Wait::Try || isFree(l))
    return;
  own_ = findHeld(t, address_);
  request();
}

uint32_t SharedAttempt::stateFlags() const {
  return (mode_ == Mode::Shared ? kHeldShared : 0) | (wait_ == Wait::Try     ? kHeldTry
                                                      : wait_ == Wait::Timed ? kHeldTimed
                                                                             : 0);
}

void SharedAttempt::recordAgain(const Recording &r, int error) {
  const bool heldShared = own_->state & kHeldShared;
  const MisuseKind kind = mode_ == Mode::Exclusive
                              ? (heldShared ? MisuseKind::Upgrade : MisuseKind::Relock)
                              : (heldShared ? MisuseKind::SharedReentry : MisuseKind::Downgrade);
  const uint8_t flags =
      uint8_t((mode_ == Mode::Shared ? kNodeShared : 0) | (wait_ == Wait::Timed ? kNodeTimed : 0) |
              (wait_ == Wait::Try ? kNodeTry : 0));
  recordMisuse(r, {kind, flags, lockOf(own_), nodeOf(r, own_), t_->index, 0, error}, at_, site_);
}

/// It is taken: publish the wait.
void SharedAttempt::request() {
  Recording r(t_);
  if (!r)
    return;
  const Ref lock = identityOf(r, address_, traits_, place_, at_, site_);
  const Ref held = heldNode(r);
  if (own_) {
    // glibc answers EDEADLK at once to the writer itself; finish() records that. All else waits for what
    // never comes.
    if (traits_.kind != ObjectKind::Spin && !(own_->state & kHeldShared))
      return;
    recordAgain(r, -1);
  } else {
    markBlocked(recordRequest(r, lock, traits_.kind, kHeldOnce | stateFlags(), at_, site_));
    setLockState(lock, kLockContended);
  }
  WaitFacts facts = {traits_.kind, mode_};
  facts.flags = uint8_t((wait_ == Wait::Timed ? kWaitTimed : 0) |
                        (traits_.flags & kLockProcessShared ? kWaitShared : 0));
  facts.object = lock;
  facts.address = address_;
  facts.held = held;
  facts.context = contextOf(site_);
  waitNumber_ = beginWait(r, facts);
}

int SharedAttempt::finish(int result) {
  endWait(t_, waitNumber_);
  if (result != 0) {
    if (result == EDEADLK && own_)
      if (Recording r(t_); r)
        recordAgain(r, result);
    return result;
  }
  if (own_ && mode_ == Mode::Shared) {
    if (Recording r(t_); r)
      recordAgain(r, 0);
    if ((own_->state & kHeldLevels) < kHeldLevels)
      own_->state++;
    return result;
  }
  acquiredShared(t_, address_, traits_, place_, stateFlags(), at_, site_);
  return result;
}

void acquiredShared(ThreadState *t, const void *address, const LockTraits &traits, bool place, uint32_t flags,
                    CallPoint at, uint64_t site) {
  Ref lock = knownLock(address, place);
  if (!lock)
    if (Recording r(t); r)
      lock = identityOf(r, address, traits, place, at, site);
  if (!place && !(flags & kHeldShared))
    if (Object *o = findObject(address))
      o->sequence++;
  pushHeld(t, address, lock, traits.kind, kHeldOnce | flags | (place ? kHeldInLock : 0), at, site);
}

int recordReading(pthread_rwlock_t *l, ThreadState *t, CallPoint at) {
  constexpr uint32_t kState = kRwLockState<Mode::Shared, Wait::Block>;
  const uint64_t site = callKey(at, t->stack);
  HeldEntry *below = t->heldTop;
  if (Ref lock; readIdentity(l, kRwLockPlace, lock)) {
    const uint64_t chain = chainOf(below->chain, lock, site, kHeldShared);
    if (pushIfCounted(t, below, l, lock, site, chain, kState) || pushKnown(t, below, l, chain, kState))
      return 0;
  }
  acquiredShared(t, l, traitsOf(l), placesUsable && !l->__data.__shared, kHeldShared, at, site);
  return 0;
}

void releaseSharedSlowly(ThreadState *t, const void *address, bool place, bool taken, uint32_t ownerTid,
                         CallPoint at) {
  HeldEntry *e = findHeld(t, address);
  if (!e) {
    if (t->overflow > 0)
      t->overflow--;
    else
      reportForeignRelease(t, address, knownLock(address, place), ownerTid, taken, at, callKey(at, t->stack));
  } else if ((e->state & kHeldLevels) > 1) {
    e->state--;
  } else {
    removeHeld(t, e);
    t->lastReleasePc = at.pc;
  }
}

void initialisedShared(const void *address, LockTraits traits, bool place, CallPoint at) {
  ThreadState *t = enter();
  if (!t)
    return;
  removeObject(address);
  Recording r(t);
  if (!r)
    return;
  if (place)
    *placeIn(address, kRwLockPlace) = 0;
  traits.flags |= kLockInitialised;
  identityOf(r, address, traits, place, at, callKey(at, t->stack));
}

void destroyingShared(const void *address, bool place, bool taken, CallPoint at) {
  ThreadState *t = enter();
  if (!t)
    return;
  const Ref lock = knownLock(address, place);
  if (taken)
    reportDestroyHeld(t, address, lock, 0, at);
  setLockState(lock, kLockDestroyed);
  removeObject(address);
  if (place && lock)
    *placeIn(address, kRwLockPlace) = 0;
}

} // namespace gordian::runtime
