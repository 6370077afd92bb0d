// SPDX-License-Identifier: MIT
//
// Condition variables. A wait is, in this order: an operation on record; the release of the mutex with all
// its levels; a published wait; the real wait; the edge from whoever signalled; and the acquisition of the
// mutex, a true request under whatever else is held. glibc re-acquires the mutex inside the wait, also where
// the thread is cancelled in it, before its clean-up handlers run.
//
// The mutex becomes a monitor (trace/order.h) by being waited with, or by being held, or released last, by a
// thread that notifies.
#include "hooks/layout.h"
#include "hooks/mutex.h"
#include "hooks/mutex_state.h"
#include "hooks/python.h"
#include "hooks/real.h"
#include "trace/contexts.h"
#include "trace/order.h"
#include "trace/writer.h"

namespace gordian::runtime {

using namespace gordian::trace;

namespace {

Object *conditionAt(const Recording &r, const void *address, uint8_t lockFlags, CallPoint at, uint64_t site) {
  Object *o = objectAt(address);
  if (o) {
    const uint8_t shared = isProcessShared(address) ? kLockProcessShared : 0;
    identify(r.thread(), o, {ObjectKind::Condition, uint8_t(lockFlags | shared)}, at, site);
  }
  return o;
}

class ConditionWait {
public:
  ConditionWait(ThreadState *t, const void *condition, pthread_mutex_t *mutex, bool timed, CallPoint at)
      : t_(t), mutex_(mutex), at_(at), site_(callKey(at, t->stack)) {
    Recording r(t);
    if (!r)
      return;
    condition_ = conditionAt(r, condition, 0, at, site_);
    const Ref lock = identifyMutex(r, mutex, at, site_);
    release(r, lock, timed);
    WaitFacts facts = {ObjectKind::Condition};
    facts.flags = uint8_t((timed ? kWaitTimed : 0) | (isProcessShared(condition) ? kWaitShared : 0));
    facts.address = condition;
    facts.held = heldNode(r);
    facts.context = contextOf(site_);
    facts.peer = lock;
    if (condition_) {
      facts.object = condition_->lock;
      facts.signals = condition_->signals;
      condition_->mutex = mutex;
      __atomic_fetch_add(&condition_->waiters, 1, __ATOMIC_RELAXED);
    }
    signals_ = facts.signals;
    waitNumber_ = beginWait(r, facts);
  }

  /// The mutex is held again, whether or not the wait succeeded.
  void finish(bool woken) {
    endWait(t_, waitNumber_);
    if (condition_) {
      __atomic_fetch_sub(&condition_->waiters, 1, __ATOMIC_RELAXED);
      // Nobody signalled since: woken for no reason.
      if (woken && condition_->signals != signals_ && hasNestedPast(condition_))
        absorbFrom(t_, OrderKind::Condition, condition_);
    }
    if (!released_)
      return;
    acquiredMutex(t_, mutex_, at_, site_, kHeldReacquired);
    if (levels_ > 1)
      if (HeldEntry *e = findHeld(t_, mutex_))
        e->state += levels_ - 1;
  }

  static void cancelled(void *wait) { static_cast<ConditionWait *>(wait)->finish(false); }

private:
  /// The operation's record, and the mutex taken off the held stack.
  void release(const Recording &r, Ref lock, bool timed) {
    HeldEntry *e = findHeld(t_, mutex_);
    OperationFacts facts = {OperationKind::ConditionWait};
    facts.object = condition_ ? condition_->lock : kNoRef;
    facts.other = lock;
    facts.flags = timed ? kOperationTimed : 0;
    if (condition_ && condition_->waiters > 0 && condition_->mutex && condition_->mutex != mutex_)
      facts.flags |= kOperationOtherMutex;
    if (e) {
      facts.mutexNode = nodeOf(r, e);
      levels_ = e->state & kHeldLevels;
      released_ = true;
      if (levels_ > 1)
        facts.flags |= kOperationRecursive;
      makeMonitor(r, mutex_, condition_ ? condition_->lock : kNoRef, MonitorKind::Waited);
      releaseHeldMutex(t_, mutex_, e);
    } else if (!isHeldBy(mutex_, t_->tid)) {
      facts.flags |= kOperationNotHeld;
    }
    recordOperation(r, facts, at_, site_);
    if (facts.flags & kOperationNotHeld) {
      MisuseFacts misuse = {MisuseKind::WaitNotHeld};
      misuse.lock = lock;
      recordMisuse(r, misuse, at_, site_);
    }
  }

  ThreadState *t_;
  pthread_mutex_t *mutex_;
  CallPoint at_;
  uint64_t site_;
  Object *condition_ = nullptr;
  uint32_t levels_ = 1;
  uint32_t signals_ = 0;
  uint32_t waitNumber_ = 0;
  bool released_ = false;
};

template <class Real>
int waitOn(const void *condition, pthread_mutex_t *mutex, bool timed, CallPoint at, Real call) {
  ThreadState *t = enter();
  if (!t || isInterpreterSwitch(at))
    return call();
  ConditionWait wait(t, condition, mutex, timed, at);
  const int result = callCancellable(ConditionWait::cancelled, &wait, call);
  wait.finish(result == 0);
  return result;
}

/// Which mutex guards what is told: the one that the condition is waited with; while nobody has waited, the
/// innermost that the notifier holds, or else the one that it has released last. (A wrong guess orders too
/// much: may miss.)
void markMonitor(const Recording &r, const Object *condition) {
  ThreadState *t = r.thread();
  if (condition->mutex)
    return; // its first wait made it one
  for (HeldEntry *e = t->top(); e > t->bottom(); e--)
    if (isMutex(kindOf(e)))
      return makeMonitor(r, static_cast<pthread_mutex_t *>(e->address), condition->lock,
                         MonitorKind::NotifiedHeld);
  const HeldEntry &last = t->top()[1];
  if (last.address && last.state & kHeldInLock && isMutex(kindOf(&last)))
    makeReleasedMonitor(r, static_cast<pthread_mutex_t *>(last.address), lockOf(&last), condition->lock);
}

void notify(const void *condition, bool all, CallPoint at) {
  ThreadState *t = enter();
  if (!t || isInterpreterSwitch(at))
    return;
  Recording r(t);
  if (!r)
    return;
  const uint64_t site = callKey(at, t->stack);
  Object *o = conditionAt(r, condition, 0, at, site);
  if (!o)
    return;
  OperationFacts facts = {all ? OperationKind::Broadcast : OperationKind::Signal};
  facts.object = o->lock;
  recordOperation(r, facts, at, site);
  markMonitor(r, o);
  publishAt(t, o);
  __atomic_fetch_add(&o->signals, 1, __ATOMIC_RELEASE);
}

void initialised(const void *condition, uint8_t lockFlags, CallPoint at) {
  ThreadState *t = enter();
  if (!t)
    return;
  removeObject(condition);
  if (Recording r(t); r)
    conditionAt(r, condition, uint8_t(kLockInitialised | lockFlags), at, callKey(at, t->stack));
}

void destroying(const void *condition) {
  if (Object *o = findObject(condition)) {
    setLockState(o->lock, kLockDestroyed);
    removeObject(condition);
  }
}

pthread_mutex_t *asMutex(mtx_t *m) {
  return reinterpret_cast<pthread_mutex_t *>(m);
}

} // namespace

GORDIAN_HOOK(pthread_cond_wait, int, (pthread_cond_t * object, pthread_mutex_t *mutex)) {
  return waitOn(object, mutex, false, GORDIAN_CALL_POINT(),
                [=] { return GORDIAN_REAL(pthread_cond_wait)(object, mutex); });
}

GORDIAN_HOOK(pthread_cond_timedwait, int,
             (pthread_cond_t * object, pthread_mutex_t *mutex, const timespec *until)) {
  return waitOn(object, mutex, true, GORDIAN_CALL_POINT(),
                [=] { return GORDIAN_REAL(pthread_cond_timedwait)(object, mutex, until); });
}

GORDIAN_HOOK(pthread_cond_clockwait, int,
             (pthread_cond_t * object, pthread_mutex_t *mutex, clockid_t clock, const timespec *until)) {
  return waitOn(object, mutex, true, GORDIAN_CALL_POINT(),
                [=] { return GORDIAN_REAL(pthread_cond_clockwait)(object, mutex, clock, until); });
}

GORDIAN_HOOK(cnd_wait, int, (cnd_t * object, mtx_t *mutex)) {
  return waitOn(object, asMutex(mutex), false, GORDIAN_CALL_POINT(),
                [=] { return GORDIAN_REAL(cnd_wait)(object, mutex); });
}

GORDIAN_HOOK(cnd_timedwait, int, (cnd_t * object, mtx_t *mutex, const timespec *until)) {
  return waitOn(object, asMutex(mutex), true, GORDIAN_CALL_POINT(),
                [=] { return GORDIAN_REAL(cnd_timedwait)(object, mutex, until); });
}

GORDIAN_HOOK(pthread_cond_signal, int, (pthread_cond_t * object)) {
  notify(object, false, GORDIAN_CALL_POINT());
  return GORDIAN_REAL(pthread_cond_signal)(object);
}

GORDIAN_HOOK(pthread_cond_broadcast, int, (pthread_cond_t * object)) {
  notify(object, true, GORDIAN_CALL_POINT());
  return GORDIAN_REAL(pthread_cond_broadcast)(object);
}

GORDIAN_HOOK(cnd_signal, int, (cnd_t * object)) {
  notify(object, false, GORDIAN_CALL_POINT());
  return GORDIAN_REAL(cnd_signal)(object);
}

GORDIAN_HOOK(cnd_broadcast, int, (cnd_t * object)) {
  notify(object, true, GORDIAN_CALL_POINT());
  return GORDIAN_REAL(cnd_broadcast)(object);
}

GORDIAN_HOOK(pthread_cond_init, int, (pthread_cond_t * object, const pthread_condattr_t *attributes)) {
  const int result = GORDIAN_REAL(pthread_cond_init)(object, attributes);
  if (result == 0)
    initialised(object, 0, GORDIAN_CALL_POINT());
  return result;
}

GORDIAN_HOOK(cnd_init, int, (cnd_t * object)) {
  const int result = GORDIAN_REAL(cnd_init)(object);
  if (result == 0)
    initialised(object, kLockC11, GORDIAN_CALL_POINT());
  return result;
}

GORDIAN_HOOK(pthread_cond_destroy, int, (pthread_cond_t * object)) {
  destroying(object);
  return GORDIAN_REAL(pthread_cond_destroy)(object);
}

GORDIAN_HOOK(cnd_destroy, void, (cnd_t * object)) {
  destroying(object);
  GORDIAN_REAL(cnd_destroy)(object);
}

} // namespace gordian::runtime
