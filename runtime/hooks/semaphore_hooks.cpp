// SPDX-License-Identifier: MIT
//
// Semaphores. A unit taken and given back orders things or does not (trace/order.h). A semaphore counts as a
// lock while its initial value is 1 and each post comes from the thread that holds its unit: then its waits
// are acquires, in the held chain like a mutex. The first foreign post shows that it is none: it is demoted
// for good and forgotten by whoever seemed to hold it.
//
// One that its holder has posted has its identity in place from then on, in the words behind glibc's: taking
// and posting it is then what locking and releasing a mutex is, with nothing to look up. Except that its wait
// can fail, and be cancelled: what it takes is pushed after the call.
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
  const uint64_t site = callKey(at, t->stack);
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

constexpr uint32_t kHeldInPlace = kHeldOnce | kHeldSemaphore | kHeldInLock;
constexpr uint32_t kHeldHow = kHeldTry | kHeldTimed;

bool isInPlace(const sem_t *s) {
  Ref lock;
  return readIdentity(s, kSemaphorePlace, lock);
}

void putInPlace(sem_t *s, const Object *o) {
  if (!placesUsable || o->flags & (kLockPython | kLockProcessShared) || isInPlace(s))
    return;
  uint64_t *words = placeIn(s, kSemaphorePlace);
  words[1] = o->sequence - 1;
  __atomic_store_n(words, identityWord(s, o->lock), __ATOMIC_RELEASE);
}

void takeOutOfPlace(sem_t *s) {
  if (isInPlace(s))
    __atomic_store_n(placeIn(s, kSemaphorePlace), 0, __ATOMIC_RELEASE);
}

/// The holder posts.
void release(ThreadState *t, HeldEntry *e, CallPoint at) {
  if (e->state & kHeldInLock)
    placeIn(e->address, kSemaphorePlace)[1]++;
  removeHeld(t, e);
  t->lastReleasePc = at.pc;
}

class SemaphoreAttempt {
public:
  SemaphoreAttempt(ThreadState *t, sem_t *s, Wait wait, CallPoint at)
      : t_(t), semaphore_(s), at_(at), site_(keyAt(t, at)), wait_(wait) {
    const bool waits = wait != Wait::Try && unitsOf(s) == 0;
    object_ = findObject(s);
    if (!waits && object_ && object_->lock)
      return;
    Recording r(t);
    if (!r)
      return;
    // First seen now, while its value is still the initial one, perhaps.
    object_ = semaphoreAt(r, s, at, site_);
    if (object_ && waits)
      request(r, object_);
  }

  /// It may be cancelled in its wait, and a wait has been published.
  bool isPublished() const { return waitNumber_ != 0; }

  int finish(int result) {
    endWait(t_, waitNumber_);
    if (result != 0) {
      expired();
      return result;
    }
    Ref lock = kNoRef;
    if (Recording r(t_); r) {
      const bool same = object_ && object_->address == semaphore_ && object_->lock;
      Object *o = same ? object_ : semaphoreAt(r, semaphore_, at_, site_);
      if (!o)
        return result;
      o->foreignPost = 0;
      applyRole(r, o, at_);
      if (lockState(o->lock) & kLockMonitor && hasNestedPast(o))
        absorbFrom(t_, OrderKind::Monitor, o);
      if (isLockLike(o)) {
        lock = o->lock;
      } else {
        takeUnit(t_, o);
        OperationFacts facts = {OperationKind::SemaphoreWait, operationFlags()};
        facts.object = o->lock;
        recordOperation(r, facts, at_, site_);
      }
    }
    if (lock)
      pushHeld(t_, semaphore_, lock, ObjectKind::Semaphore,
               kHeldOnce | kHeldSemaphore | (isInPlace(semaphore_) ? kHeldInLock : 0) | stateFlags(), at_,
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
  Object *object_ = nullptr;
  CallPoint at_;
  uint64_t site_;
  uint32_t waitNumber_ = 0;
  Wait wait_;
};

template <class Real>
__attribute__((noinline)) int takeSlowly(sem_t *s, Wait wait, CallPoint at, Real call) {
  ThreadState *t = enter();
  if (!t)
    return call();
  SemaphoreAttempt attempt(t, s, wait, at);
  const int result =
      attempt.isPublished() ? callCancellable(SemaphoreAttempt::cancelled, &attempt, call) : call();
  const int error = errno;
  attempt.finish(result);
  errno = error;
  return result;
}

/// A unit that is free, of a semaphore that has its identity in place.
template <Wait wait, class Real>
inline __attribute__((always_inline)) int take(sem_t *s, CallPoint at, Real call) {
  ThreadState *t = hot.state;
  Ref lock;
  uint64_t site;
  if (__builtin_expect(!t, 0) || __builtin_expect(unitsOf(s) == 0, 0) ||
      !readIdentity(s, kSemaphorePlace, lock) || !knownCallKey(at, t->stack, site))
    return takeSlowly(s, wait, at, call);
  constexpr uint32_t kState = kHeldInPlace | (wait == Wait::Try     ? kHeldTry
                                              : wait == Wait::Timed ? kHeldTimed
                                                                    : 0);
  HeldEntry *below = t->heldTop;
  const uint64_t chain = chainOf(below->chain, lock, site, 0);
  const int result = call();
  if (__builtin_expect(result == 0, 1) && !pushIfCounted(t, below, s, lock, site, chain, kState) &&
      !pushKnown(t, below, s, chain, kState))
    pushHeld(t, s, lock, ObjectKind::Semaphore, kState, at, site);
  return result;
}

/// The unit taken last, of such a semaphore. False: nothing has been done.
inline __attribute__((always_inline)) bool postTop(sem_t *s, CallPoint at) {
  ThreadState *t = hot.state;
  if (__builtin_expect(!t, 0))
    return false;
  HeldEntry *e = t->heldTop;
  if (__builtin_expect(e->address != s || (e->state & ~kHeldHow) != kHeldInPlace, 0) || !isInPlace(s))
    return false;
  placeIn(s, kSemaphorePlace)[1]++;
  t->lastReleasePc = at.pc;
  __atomic_signal_fence(__ATOMIC_SEQ_CST);
  t->heldTop = e - 1;
  return true;
}

/// Somebody else's unit is posted: it was no lock.
void demote(const Recording &r, Object *o, sem_t *s) {
  takeOutOfPlace(s);
  o->initialUnits = unitsOf(s);
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

__attribute__((noinline)) void posting(sem_t *s, CallPoint at) {
  ThreadState *t = enter();
  if (!t)
    return;
  HeldEntry *e = findHeld(t, s);
  if (e)
    release(t, e, at);
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
      o->sequence++;
      setLockState(o->lock, kLockGivenBack);
      putInPlace(s, o);
      return;
    }
    demote(r, o, s);
  } else if (e) {
    keepUnit(t, {s, 0, 0}); // demoted while it was held
  }
  OperationFacts facts = {OperationKind::SemaphorePost};
  facts.object = o->lock;
  recordOperation(r, facts, at, site);
  postUnit(t, o);
}

void initialised(sem_t *s, bool shared, uint32_t units, CallPoint at) {
  takeOutOfPlace(s);
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
  takeOutOfPlace(s);
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
  return take<Wait::Block>(object, GORDIAN_CALL_POINT(), [=] { return GORDIAN_REAL(sem_wait)(object); });
}

GORDIAN_HOOK(sem_trywait, int, (sem_t * object)) {
  return take<Wait::Try>(object, GORDIAN_CALL_POINT(), [=] { return GORDIAN_REAL(sem_trywait)(object); });
}

GORDIAN_HOOK(sem_timedwait, int, (sem_t * object, const timespec *until)) {
  return take<Wait::Timed>(object, GORDIAN_CALL_POINT(),
                           [=] { return GORDIAN_REAL(sem_timedwait)(object, until); });
}

GORDIAN_HOOK(sem_clockwait, int, (sem_t * object, clockid_t clock, const timespec *until)) {
  return take<Wait::Timed>(object, GORDIAN_CALL_POINT(),
                           [=] { return GORDIAN_REAL(sem_clockwait)(object, clock, until); });
}

GORDIAN_HOOK(sem_post, int, (sem_t * object)) {
  const CallPoint at = GORDIAN_CALL_POINT();
  if (__builtin_expect(!postTop(object, at), 0))
    posting(object, at);
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
