// SPDX-License-Identifier: MIT
#include "hooks/mutex.h"

#include "core/sys.h"
#include "hooks/holders.h"
#include "hooks/mutex_state.h"
#include "trace/contexts.h"
#include "trace/order.h"
#include "trace/writer.h"

namespace gordian::runtime {

using namespace gordian::trace;

namespace {

LockTraits traitsOf(int kind) {
  static constexpr ObjectKind kTypes[] = {ObjectKind::Mutex, ObjectKind::RecursiveMutex,
                                          ObjectKind::ErrorCheckMutex, ObjectKind::AdaptiveMutex};
  return {kTypes[kind & kMutexTypeMask],
          uint8_t((kind & kMutexRobust ? kLockRobust : 0) |
                  (kind & (kMutexInherit | kMutexProtect) ? kLockPriority : 0) |
                  (kind & kMutexShared ? kLockProcessShared : 0))};
}

bool inPlace(int kind) {
  return placesUsable && !(kind & kMutexSpecial);
}

uint32_t ownerOf(const pthread_mutex_t *m) {
  return uint32_t(__atomic_load_n(&m->__data.__owner, __ATOMIC_RELAXED));
}

/// A monitor's state is found by the lock's id, not by its address: the id is another one when the memory is
/// re-used.
const void *monitorKey(Ref lock) {
  return reinterpret_cast<const void *>(uintptr_t(lock));
}

/// The identity, wherever it lies.
struct Identity {
  Ref lock = kNoRef;
  Object *object = nullptr; // a monitor's, or of a kind without identity in place
};

Identity identityOf(const Recording &r, pthread_mutex_t *m, CallPoint at, uint64_t site) {
  ThreadState *t = r.thread();
  const int kind = mutexKind(m);
  if (!inPlace(kind)) {
    Object *o = objectAt(m);
    return {o ? identify(t, o, traitsOf(kind), at, site) : kNoRef, o};
  }
  uint64_t *words = placeIn(m, kMutexPlace);
  Ref lock;
  if (placedMonitor(m, __atomic_load_n(words, __ATOMIC_ACQUIRE), lock))
    return {lock, findObject(monitorKey(lock))};
  return {identifyInPlace(t, words, m, traitsOf(kind), at, site), nullptr};
}

/// The identity if it has one already: for releases and wait-for checks.
Identity knownIdentity(const pthread_mutex_t *m) {
  if (!inPlace(mutexKind(m))) {
    Object *o = findObject(m);
    return {o ? o->lock : kNoRef, o};
  }
  const uint64_t *words = placeIn(m, kMutexPlace);
  const uint64_t word = __atomic_load_n(words, __ATOMIC_ACQUIRE);
  Ref lock;
  if (placedIdentity(m, word, lock))
    return {lock, nullptr};
  if (placedMonitor(m, word, lock))
    return {lock, findObject(monitorKey(lock))};
  return {};
}

} // namespace

MutexAttempt::MutexAttempt(ThreadState *t, pthread_mutex_t *m, CallPoint at, Wait wait)
    : t_(t), m_(m), at_(at), site_(callKey(at, t->stack)), wait_(wait) {
  const int kind = mutexKind(m);
  if (wait == Wait::Try || looksFree(m, kind))
    return;
  own_ = ownerOf(m) == t->tid;
  if (!(own_ && (kind & kMutexTypeMask) == PTHREAD_MUTEX_RECURSIVE))
    request(kind);
}

void MutexAttempt::request(int kind) {
  Recording r(t_);
  if (!r)
    return;
  const Identity id = identityOf(r, m_, at_, site_);
  const uint32_t flags = wait_ == Wait::Timed ? kHeldTimed : 0;
  const Ref held = heldNode(r);
  // An errorcheck mutex answers EDEADLK at once; finish() records that.
  const bool hangs = own_ && (kind & kMutexTypeMask) != PTHREAD_MUTEX_ERRORCHECK;
  if (own_) {
    if (hangs) {
      HeldEntry *e = findHeld(t_, m_);
      recordMisuse(r,
                   {MisuseKind::Relock, uint8_t(flags ? kNodeTimed : 0), id.lock, e ? nodeOf(r, e) : kNoRef,
                    t_->index, 0, -1},
                   at_, site_);
    }
  } else {
    markBlocked(recordRequest(r, id.lock, traitsOf(kind).kind, kHeldOnce | flags, at_, site_));
    setLockState(id.lock, kLockContended);
  }
  if (own_ && !hangs)
    return;
  WaitFacts facts = {traitsOf(kind).kind};
  facts.flags = uint8_t((flags ? kWaitTimed : 0) | (kind & kMutexShared ? kWaitShared : 0));
  facts.object = id.lock;
  facts.address = m_;
  facts.held = held;
  facts.context = contextOf(site_);
  waitNumber_ = beginWait(r, facts);
}

int MutexAttempt::finish(int result) {
  endWait(t_, waitNumber_);
  const uint32_t flags = wait_ == Wait::Try ? kHeldTry : wait_ == Wait::Timed ? kHeldTimed : 0;
  const int kind = mutexKind(m_);
  if (result == 0 && (kind & kMutexTypeMask) == PTHREAD_MUTEX_RECURSIVE && m_->__data.__count > 1) {
    if (HeldEntry *e = findHeld(t_, m_); e && (e->state & kHeldLevels) < kHeldLevels) {
      e->state++;
      return result;
    }
  }
  if (result == 0 || result == EOWNERDEAD)
    acquiredMutex(t_, m_, at_, site_, flags);
  if (result == EDEADLK || result == EOWNERDEAD) {
    if (Recording r(t_); r) {
      const HeldEntry *e = findHeld(t_, m_);
      recordMisuse(r,
                   {result == EDEADLK ? MisuseKind::Relock : MisuseKind::OwnerDead,
                    uint8_t(wait_ == Wait::Timed ? kNodeTimed
                            : wait_ == Wait::Try ? kNodeTry
                                                 : 0),
                    knownIdentity(m_).lock, e ? e->node : kNoRef, t_->index, 0, result},
                   at_, site_);
    }
  }
  return result;
}

void acquiredMutex(ThreadState *t, pthread_mutex_t *m, CallPoint at, uint64_t site, uint32_t flags) {
  const int kind = mutexKind(m);
  Identity id = knownIdentity(m);
  if (!id.lock)
    if (Recording r(t); r)
      id = identityOf(r, m, at, site);
  uint32_t state = kHeldOnce | flags;
  if (inPlace(kind))
    state |= kHeldInLock;
  if (id.object) {
    id.object->owner = t->index;
    if (lockState(id.lock) & kLockMonitor) {
      state |= kHeldMonitor;
      if (hasNestedPast(id.object))
        absorbFrom(t, OrderKind::Monitor, id.object);
    }
  }
  pushHeld(t, m, id.lock, traitsOf(kind).kind, state, at, site);
}

int recordTaken(pthread_mutex_t *m, ThreadState *t, CallPoint at, uint32_t flags) {
  if (!pushTaken(t, m, at, flags))
    acquiredMutex(t, m, at, callKey(at, t->stack), flags);
  return 0;
}

int countTaken(pthread_mutex_t *m, ThreadState *t, CallPoint at, uint64_t site, uint32_t flags) {
  const auto lock = Ref(__atomic_load_n(placeIn(m, kMutexPlace), __ATOMIC_RELAXED));
  HeldEntry *below = t->heldTop;
  ClassRecord *full = fullClass(t, below, site);
  if (__builtin_expect(!full, 0))
    return recordTaken(m, t, at, flags);
  pushCounted(t, below, full, m, lock, site, chainOf(below->chain, lock, site, 0), kHeldPlain | flags);
  return 0;
}

void releaseMutexSlowly(pthread_mutex_t *m, CallPoint at) {
  ThreadState *t = hot.state;
  if (!t)
    return;
  HeldEntry *e = findHeld(t, m);
  if (!e) {
    if (t->overflow > 0)
      t->overflow--;
    else
      reportForeignRelease(t, m, knownIdentity(m).lock, ownerOf(m),
                           __atomic_load_n(&m->__data.__lock, __ATOMIC_RELAXED) != 0, at,
                           callKey(at, t->stack));
    return;
  }
  if ((e->state & kHeldLevels) > 1) {
    e->state--;
    return;
  }
  releaseHeldMutex(t, m, e);
  t->lastReleasePc = at.pc;
}

void releaseHeldMutex(ThreadState *t, pthread_mutex_t *m, HeldEntry *e) {
  Object *o = knownIdentity(m).object;
  if (e->state & kHeldInLock)
    placeIn(m, kMutexPlace)[1]++;
  else if (o)
    o->sequence++;
  if (o && e->state & kHeldMonitor)
    publishAt(t, o);
  removeHeld(t, e);
}

Ref identifyMutex(const Recording &r, pthread_mutex_t *m, CallPoint at, uint64_t site) {
  return identityOf(r, m, at, site).lock;
}

namespace {

/// False: it is one already.
bool newMonitor(const Recording &r, Ref lock, Ref condition, MonitorKind kind) {
  if (!lock || lockState(lock) & kLockMonitor)
    return false;
  setLockState(lock, kLockMonitor);
  beginEpoch(r.thread());
  r.thread()->nestedPast |=
      __atomic_load_n(&nestedAnywhere, __ATOMIC_RELAXED); // whoever was here before may have
  auto *record = reserveRecord<MonitorRecord>(r.thread()->index, 0, true);
  if (!record)
    return true;
  record->lock = lock;
  record->condition = condition;
  record->thread = r.thread()->index;
  record->epoch = r.thread()->epoch;
  TraceFile::commit(record, RecordKind::Monitor, uint8_t(kind));
  return true;
}

Object *monitorObject(Ref lock) {
  Object *o = objectAt(monitorKey(lock));
  if (o)
    o->lock = lock;
  return o;
}

} // namespace

void makeMonitor(const Recording &r, pthread_mutex_t *m, Ref condition, MonitorKind kind) {
  HeldEntry *e = findHeld(r.thread(), m);
  if (!e)
    return;
  const Ref lock = lockOf(e);
  const bool isNew = newMonitor(r, lock, condition, kind);
  e->state |= kHeldMonitor;
  if (isNew && e->state & kHeldInLock && monitorObject(lock))
    __atomic_store_n(placeIn(m, kMutexPlace), uint64_t(placeTag(m) ^ kMonitorTag) << 32 | lock,
                     __ATOMIC_RELEASE);
}

void makeReleasedMonitor(const Recording &r, pthread_mutex_t *m, Ref lock, Ref condition) {
  ThreadState *t = r.thread();
  uint64_t word = 0;
  const uint64_t plain = identityWord(m, lock);
  const uint64_t monitor = identityWord(m, lock, kMonitorTag);
  const auto place = reinterpret_cast<uintptr_t>(placeIn(m, kMutexPlace));
  if (lockState(lock) & kLockMonitor || !placesUsable || !readMemory(place, &word, sizeof(word)) ||
      word != plain)
    return;
  Object *o = monitorObject(lock);
  if (!o || !newMonitor(r, lock, condition, MonitorKind::NotifiedAfterRelease))
    return;
  publishAt(t, o); // for the release that has just been
  writeMemory(place, &monitor, sizeof(monitor));
}

Object *monitorOf(const pthread_mutex_t *m) {
  const Identity id = knownIdentity(m);
  return lockState(id.lock) & kLockMonitor ? id.object : nullptr;
}

void initialisedMutex(pthread_mutex_t *m, CallPoint at, uint8_t lockFlags) {
  ThreadState *t = enter();
  if (!t)
    return;
  removeObject(m);
  Recording r(t);
  if (!r)
    return;
  const int kind = mutexKind(m);
  LockTraits traits = traitsOf(kind);
  traits.flags |= uint8_t(kLockInitialised | lockFlags);
  const uint64_t site = callKey(at, t->stack);
  if (inPlace(kind)) {
    *placeIn(m, kMutexPlace) = 0;
    identifyInPlace(t, placeIn(m, kMutexPlace), m, traits, at, site);
  } else if (Object *o = objectAt(m)) {
    identify(t, o, traits, at, site);
  }
}

void destroyingMutex(pthread_mutex_t *m, CallPoint at) {
  ThreadState *t = enter();
  if (!t)
    return;
  const Identity id = knownIdentity(m);
  if (__atomic_load_n(&m->__data.__lock, __ATOMIC_RELAXED) != 0)
    reportDestroyHeld(t, m, id.lock, ownerOf(m), at);
  setLockState(id.lock, kLockDestroyed);
  removeObject(m);
  if (lockState(id.lock) & kLockMonitor)
    removeObject(monitorKey(id.lock));
  if (inPlace(mutexKind(m)) && id.lock)
    *placeIn(m, kMutexPlace) = 0;
}

} // namespace gordian::runtime
