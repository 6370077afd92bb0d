// SPDX-License-Identifier: MIT
//
// Semaphores. A unit taken and given back orders things or does not (trace/order.h). A semaphore counts as a
// lock while its initial value is 1 and each post comes from the thread that holds its unit: then its waits
// are acquires, in the held chain like a mutex. The first foreign post shows that it is none: it is demoted
// for good and forgotten by whoever seemed to hold it.
//
// CPython's locks (up to 3.12) are semaphores: free ones are taken with sem_trywait whether or not the
// program is willing to wait, so what the request was is asked from the interpreter (hooks/python.h).
#include "core/sys.h"
#include "hooks/entry.h"
#include "hooks/holders.h"
#include "hooks/mutex.h"
#include "hooks/python.h"
#include "hooks/real.h"
#include "hooks/waits.h"
#include "trace/contexts.h"
#include "trace/order.h"
#include "trace/writer.h"

namespace gordian::runtime {

using namespace gordian::trace;

namespace {

uint32_t unitsOf(const sem_t *s) {
  return __atomic_load_n(reinterpret_cast<const uint32_t *>(s), __ATOMIC_RELAXED);
}

/// glibc's word behind the value is 0 where only one process may use it.
bool isProcessShared(const sem_t *s) {
  static_assert(sizeof(long) == 8, "the value has 64 bits");
  return reinterpret_cast<const int *>(s)[2] != 0;
}

/// The semaphore's Object; where its initialisation was not seen, its present value stands for the initial
/// one.
Object *semaphoreAt(const Recording &r, sem_t *s, CallPoint at, uint64_t site) {
  Object *o = objectAt(s);
  if (!o || o->lock)
    return o;
  const uint32_t units = unitsOf(s);
  o->initialUnits = units;
  const uint8_t flags = isProcessShared(s) ? kLockProcessShared : 0;
  const Ref lock = identify(r.thread(), o, {ObjectKind::Semaphore, flags, units}, at, site);
  if (units == 1)
    setLockState(lock, kLockLike);
  return o;
}

uint64_t keyAt(ThreadState *t, CallPoint at) {
  const uint64_t site = callKey(at, t->stackHigh);
  return isPythonCall(at) ? pythonSite(site) : site;
}

/// What threading.py builds out of a lock is known by who takes it.
void applyRole(const Recording &r, Object *o, CallPoint at) {
  if (o->handoff || !isPythonCall(at))
    return;
  if (!o->callerKnown) {
    o->callerKnown = true;
    if (!isLockObject(r.thread(), at))
      clearLockState(o->lock, kLockLike);
  }
  const PythonRole role = pythonRole();
  if (role == PythonRole::Handoff) {
    o->handoff = true;
    clearLockState(o->lock, kLockLike);
  } else if (role == PythonRole::ConditionLock && !(lockState(o->lock) & kLockMonitor)) {
    setLockState(o->lock, kLockMonitor);
    if (auto *record = reserveRecord<MonitorRecord>(r.thread()->index, 0, true)) {
      record->lock = o->lock;
      record->thread = r.thread()->index;
      record->epoch = r.thread()->epoch;
      TraceFile::commit(record, RecordKind::Monitor, uint8_t(MonitorKind::Waited));
    }
  }
}

bool isLockLike(const Object *o) {
  return lockState(o->lock) & kLockLike;
}

class SemaphoreAttempt {
public:
  SemaphoreAttempt(ThreadState *t, sem_t *s, Wait wait, CallPoint at)
      : t_(t), semaphore_(s), at_(at), site_(keyAt(t, at)), wait_(wait) {
    const bool waits = wait != Wait::Try && unitsOf(s) == 0;
    const Object *known = findObject(s);
    if (!waits && known && known->lock)
      return;
    Recording r(t);
    if (!r)
      return;
    // First seen now, while its value is still the initial one, perhaps.
    Object *o = semaphoreAt(r, s, at, site_);
    if (o && waits)
      request(r, o);
  }

  int finish(int result) {
    endWait(t_, waitNumber_);
    if (result != 0) {
      expired();
      return result;
    }
    Ref lock = kNoRef;
    if (Recording r(t_); r) {
      Object *o = semaphoreAt(r, semaphore_, at_, site_);
      if (!o)
        return result;
      o->foreignPost = 0;
      applyRole(r, o, at_);
      takeUnit(t_, o);
      if (lockState(o->lock) & kLockMonitor && o->nestedPast)
        absorbFrom(t_, OrderKind::Monitor, o);
      if (isLockLike(o)) {
        o->owner = t_->index;
        lock = o->lock;
      } else {
        OperationFacts facts = {OperationKind::SemaphoreWait, operationFlags()};
        facts.object = o->lock;
        recordOperation(r, facts, at_, site_);
      }
    }
    if (lock)
      pushHeld(t_, semaphore_, lock, ObjectKind::Semaphore, kHeldOnce | kHeldSemaphore | stateFlags(), at_,
               site_);
    return result;
  }

  static void cancelled(void *attempt) { static_cast<SemaphoreAttempt *>(attempt)->finish(-1); }

private:
  void expired() {
    if (wait_ != Wait::Timed)
      return;
    Recording r(t_);
    const Object *o = r ? findObject(semaphore_) : nullptr;
    HeldEntry *own = o && isLockLike(o) ? findHeld(t_, semaphore_) : nullptr;
    if (own)
      recordMisuse(r, {MisuseKind::Relock, kNodeTimed, o->lock, nodeOf(r, own), t_->index, 0, ETIMEDOUT}, at_,
                   site_);
  }

  uint32_t stateFlags() const {
    const Wait asked = isPythonCall(at_) ? pythonIntent(wait_) : wait_;
    return asked == Wait::Try ? kHeldTry : asked == Wait::Timed ? kHeldTimed : 0;
  }
  uint8_t operationFlags() const {
    return uint8_t((waitNumber_ ? kOperationBlocked : 0) | (wait_ == Wait::Timed ? kOperationTimed : 0) |
                   (wait_ == Wait::Try ? kOperationTry : 0));
  }

  void request(const Recording &r, Object *o) {
    const bool lockLike = isLockLike(o);
    const Ref held = heldNode(r);
    if (lockLike) {
      // Asking for one's own unit is no defect yet: somebody else may post. A time limit that expires proves
      // it (finish); a wait without one that never ends is a deadlock.
      if (!findHeld(t_, semaphore_))
        markBlocked(recordRequest(r, o->lock, ObjectKind::Semaphore,
                                  kHeldOnce | kHeldSemaphore | stateFlags(), at_, site_));
      setLockState(o->lock, kLockContended);
    } else {
      OperationFacts facts = {OperationKind::SemaphoreWait,
                              uint8_t(kOperationBlocked | (wait_ == Wait::Timed ? kOperationTimed : 0))};
      facts.object = o->lock;
      recordOperation(r, facts, at_, site_);
    }
    WaitFacts facts = {ObjectKind::Semaphore};
    facts.flags =
        uint8_t((wait_ == Wait::Timed ? kWaitTimed : 0) | (o->flags & kLockProcessShared ? kWaitShared : 0));
    facts.object = o->lock;
    facts.address = semaphore_;
    facts.held = held;
    facts.context = contextAt(t_, at_, site_);
    waitNumber_ = beginWait(r, facts);
  }

  ThreadState *t_;
  sem_t *semaphore_;
  CallPoint at_;
  uint64_t site_;
  uint32_t waitNumber_ = 0;
  Wait wait_;
};

template <class Real>
int take(sem_t *s, Wait wait, CallPoint at, Real call) {
  ThreadState *t = enter();
  if (!t)
    return call();
  SemaphoreAttempt attempt(t, s, wait, at);
  const int result =
      wait == Wait::Try ? call() : callCancellable(SemaphoreAttempt::cancelled, &attempt, call);
  const int error = errno;
  attempt.finish(result);
  errno = error;
  return result;
}

/// Somebody else's unit is posted: it was no lock.
void demote(const Recording &r, Object *o) {
  clearLockState(o->lock, kLockLike);
  setLockState(o->lock, kLockReleasedByOther);
  o->foreignPost = r.thread()->index;
  o->foreignSite = o->flags & kLockPython ? pythonSite(0) : 0;
  HeldEntry *entry = nullptr;
  if (ThreadState *holder = holderOf(o->address, entry); holder && holder != r.thread())
    forgetLater(holder, o->address);
}

/// The interpreter tells that a thread has ended, where no Python code is left in it; for whoever joins it
/// that is the end, and the process may be gone before the thread is.
bool tellsPythonThreadEnd(const ThreadState *t, const Object *o, CallPoint at) {
  PythonFrame frame;
  return o->handoff && !t->heldTold && isPythonCall(at) && pythonFrames(&frame, 1) == 0;
}

void posting(sem_t *s, CallPoint at) {
  ThreadState *t = enter();
  if (!t)
    return;
  HeldEntry *e = findHeld(t, s);
  if (e) {
    removeHeld(t, e);
    t->lastReleasePc = at.pc;
  }
  Recording r(t);
  if (!r)
    return;
  const uint64_t site = keyAt(t, at);
  Object *o = semaphoreAt(r, s, at, site);
  if (!o)
    return;
  if (lockState(o->lock) & kLockMonitor)
    publishAt(t, o);
  o->foreignPost = 0;
  if (tellsPythonThreadEnd(t, o, at)) {
    t->heldTold = true;
    recordHeld(r, HeldKind::ThreadReturn, kNoRef);
  }
  if (isLockLike(o)) {
    if (e) {
      o->owner = 0;
      o->sequence++;
      setLockState(o->lock, kLockGivenBack);
    } else {
      demote(r, o);
    }
  }
  if (!isLockLike(o)) {
    OperationFacts facts = {OperationKind::SemaphorePost};
    facts.object = o->lock;
    recordOperation(r, facts, at, site);
  }
  postUnit(t, o);
}

void initialised(sem_t *s, bool shared, uint32_t units, CallPoint at) {
  ThreadState *t = enter();
  if (!t)
    return;
  removeObject(s);
  Recording r(t);
  if (!r)
    return;
  const uint64_t site = keyAt(t, at);
  Object *o = objectAt(s);
  if (!o)
    return;
  o->initialUnits = units;
  const uint8_t flags =
      uint8_t(kLockInitialised | (shared ? kLockProcessShared : 0) | (isPythonCall(at) ? kLockPython : 0));
  const Ref lock = identify(t, o, {ObjectKind::Semaphore, flags, units}, at, site);
  if (units == 1)
    setLockState(lock, kLockLike);
}

void destroying(sem_t *s) {
  Object *o = findObject(s);
  if (!o)
    return;
  ThreadState *t = hot.state;
  if (t && o->flags & kLockPython && o->foreignPost == t->index && o->foreignSite == pythonSite(0)) {
    // CPython posts a lock that is taken right before it destroys it, in one step of the program.
    clearLockState(o->lock, kLockReleasedByOther);
    setLockState(o->lock, kLockLike);
    rememberAgain(s);
  }
  if (HeldEntry *e = t ? findHeld(t, s) : nullptr) // destroyed while taken by the thread that drops it
    removeHeld(t, e);
  setLockState(o->lock, kLockDestroyed);
  removeObject(s);
}

} // namespace

GORDIAN_HOOK(sem_wait, int, (sem_t * object)) {
  return take(object, Wait::Block, GORDIAN_CALL_POINT(), [=] { return GORDIAN_REAL(sem_wait)(object); });
}

GORDIAN_HOOK(sem_trywait, int, (sem_t * object)) {
  return take(object, Wait::Try, GORDIAN_CALL_POINT(), [=] { return GORDIAN_REAL(sem_trywait)(object); });
}

GORDIAN_HOOK(sem_timedwait, int, (sem_t * object, const timespec *until)) {
  return take(object, Wait::Timed, GORDIAN_CALL_POINT(),
              [=] { return GORDIAN_REAL(sem_timedwait)(object, until); });
}

GORDIAN_HOOK(sem_clockwait, int, (sem_t * object, clockid_t clock, const timespec *until)) {
  return take(object, Wait::Timed, GORDIAN_CALL_POINT(),
              [=] { return GORDIAN_REAL(sem_clockwait)(object, clock, until); });
}

GORDIAN_HOOK(sem_post, int, (sem_t * object)) {
  posting(object, GORDIAN_CALL_POINT());
  return GORDIAN_REAL(sem_post)(object);
}

GORDIAN_HOOK(sem_init, int, (sem_t * object, int shared, unsigned value)) {
  const int result = GORDIAN_REAL(sem_init)(object, shared, value);
  const int error = errno;
  if (result == 0)
    initialised(object, shared != 0, value, GORDIAN_CALL_POINT());
  errno = error;
  return result;
}

GORDIAN_HOOK(sem_destroy, int, (sem_t * object)) {
  destroying(object);
  return GORDIAN_REAL(sem_destroy)(object);
}

GORDIAN_HOOK(sem_close, int, (sem_t * object)) {
  destroying(object);
  return GORDIAN_REAL(sem_close)(object);
}

} // namespace gordian::runtime
