// SPDX-License-Identifier: MIT
//
// gordian/annotate.h from the inside: home-made locks and waits become the same records as the C library's.
// Objects are found by address in the side table; a place given by file and line becomes part of the call
// key, so that each line is a context of its own.
#include "gordian/annotate.h"

#include "core/check.h"
#include "hooks/entry.h"
#include "hooks/holders.h"
#include "hooks/threads.h"
#include "hooks/waits.h"
#include "trace/contexts.h"
#include "trace/order.h"
#include "trace/writer.h"

#include <cerrno>
#include <cstring>

namespace gordian::runtime {

using namespace gordian::trace;

namespace {

/// Not this thread's locks: gordian_ignore_begin.
__thread uint32_t ignoreDepth __attribute__((tls_model("initial-exec"))) = 0;
__thread ThreadState *ignoredState __attribute__((tls_model("initial-exec"))) = nullptr;

ObjectKind kindOf(int kind) {
  switch (kind) {
  case GORDIAN_RECURSIVE:
    return ObjectKind::AnnotatedRecursive;
  case GORDIAN_RWLOCK:
    return ObjectKind::AnnotatedRw;
  case GORDIAN_SEMAPHORE:
    return ObjectKind::Semaphore;
  case GORDIAN_CONDITION:
    return ObjectKind::Condition;
  case GORDIAN_EVENT:
  case GORDIAN_THREAD:
    return ObjectKind::AnnotatedEvent;
  default:
    return ObjectKind::Annotated;
  }
}

/// Where the caller is: its stack, or the place it names.
struct Place {
  CallPoint at;
  const char *file;
  int line;
  const char *function;
  uint64_t site = 0;
};

void settle(const Recording &r, Place &place) {
  ThreadState *t = r.thread();
  place.site = callKey(place.at, t->stack);
  if (!place.file)
    return;
  place.site = sourceKey(place.site, place.file, place.line);
  if (!contextOf(place.site))
    contextOfSource(t, place.at, place.site, place.file, place.line, place.function);
}

Object *identified(const Recording &r, const void *address, int kind, const Place &place) {
  Object *o = objectAt(address);
  if (o && !identify(r.thread(), o, {kindOf(kind)}, place.at, place.site))
    return nullptr;
  return o;
}

AnnotatedWait *innermost(ThreadState *t, const void *object) {
  for (uint32_t i = t->annotatedCount; i-- > 0;)
    if (t->annotated[i].object == object)
      return &t->annotated[i];
  return nullptr;
}

AnnotatedWait *openWait(ThreadState *t, const void *object) {
  if (t->annotatedCount == ThreadState::kAnnotated) { // ends were forgotten
    memmove(&t->annotated[0], &t->annotated[1], sizeof(t->annotated[0]) * (ThreadState::kAnnotated - 1));
    t->annotatedCount--;
  }
  AnnotatedWait *w = &t->annotated[t->annotatedCount++];
  *w = AnnotatedWait();
  w->object = object;
  return w;
}

void closeWait(ThreadState *t, AnnotatedWait *w) {
  t->annotatedCount--;
  memmove(w, w + 1, size_t(&t->annotated[t->annotatedCount] - w) * sizeof(*w));
}

uint32_t stateOf(int mode, int requestFlags) {
  return kHeldOnce | (mode == GORDIAN_SHARED ? kHeldShared : 0) |
         (requestFlags & GORDIAN_TRY ? kHeldTry : 0) | (requestFlags & GORDIAN_TIMED ? kHeldTimed : 0);
}

uint8_t nodeFlagsOf(uint32_t state) {
  return uint8_t((state & kHeldShared ? kNodeShared : 0) | (state & kHeldTry ? kNodeTry : 0) |
                 (state & kHeldTimed ? kNodeTimed : 0));
}

/// The caller holds the lock already, and it is not re-entrant.
void requestAgain(const Recording &r, Object *o, HeldEntry *own, const AnnotatedWait &w, const Place &place) {
  const bool ownShared = own->state & kHeldShared, asksShared = w.state & kHeldShared;
  const MisuseKind kind = asksShared ? (ownShared ? MisuseKind::SharedReentry : MisuseKind::Downgrade)
                                     : (ownShared ? MisuseKind::Upgrade : MisuseKind::Relock);
  recordMisuse(r, {kind, nodeFlagsOf(w.state), o->lock, nodeOf(r, own), r.thread()->index, 0, -1}, place.at,
               place.site);
}

bool seemsTaken(const Object *o, const AnnotatedWait &w) {
  return o->owner != 0 || (!(w.state & kHeldShared) && o->arrivals != 0);
}

void request(const Recording &r, Object *o, AnnotatedWait &w, const Place &place) {
  ThreadState *t = r.thread();
  HeldEntry *own = findHeld(t, w.object);
  if (own && o->kind == ObjectKind::AnnotatedRecursive)
    return;
  const Ref held = heldNode(r);
  if (own)
    requestAgain(r, o, own, w, place);
  else if (seemsTaken(o, w))
    markBlocked(recordRequest(r, o->lock, o->kind, w.state, place.at, place.site));
  else
    return;
  WaitFacts facts = {o->kind, w.state & kHeldShared ? Mode::Shared : Mode::Exclusive};
  facts.flags = w.timed ? kWaitTimed : 0;
  facts.object = o->lock;
  facts.address = w.object;
  facts.held = held;
  facts.context = contextAt(t, place.at, place.site);
  w.number = beginWait(r, facts);
}

void acquired(ThreadState *t, const void *lock, uint32_t state, uint64_t site, CallPoint at) {
  Object *o = findObject(lock);
  HeldEntry *own = findHeld(t, lock);
  if (own) {
    if ((own->state & kHeldLevels) < kHeldLevels)
      own->state++;
    return;
  }
  if (o && state & kHeldShared) {
    __atomic_fetch_add(&o->arrivals, 1, __ATOMIC_RELAXED); // readers
  } else if (o) {
    o->owner = t->index;
    o->sequence++;
  }
  if (o && lockState(o->lock) & kLockMonitor && hasNestedPast(o))
    if (Recording r(t); r)
      absorbFrom(t, OrderKind::Monitor, o);
  pushHeld(t, lock, o ? o->lock : kNoRef, o ? o->kind : ObjectKind::Annotated, state, at, site);
}

/// Takes the entry off and leaves what a release leaves.
void released(ThreadState *t, HeldEntry *e) {
  Object *o = findObject(e->address);
  if (o && e->state & kHeldShared)
    __atomic_fetch_sub(&o->arrivals, 1, __ATOMIC_RELAXED);
  else if (o)
    o->owner = 0;
  if (o && lockState(o->lock) & kLockMonitor)
    if (Recording r(t); r)
      publishAt(t, o);
  removeHeld(t, e);
}

OperationKind waitKind(int kind) {
  return kind == GORDIAN_CONDITION   ? OperationKind::ConditionWait
         : kind == GORDIAN_SEMAPHORE ? OperationKind::SemaphoreWait
                                     : OperationKind::EventWait;
}

OperationKind notifyKind(int kind, bool all) {
  return kind == GORDIAN_CONDITION   ? (all ? OperationKind::Broadcast : OperationKind::Signal)
         : kind == GORDIAN_SEMAPHORE ? OperationKind::SemaphorePost
                                     : OperationKind::EventSet;
}

void publishWait(const Recording &r, Object *o, AnnotatedWait &w, Ref lock, CallPoint at) {
  WaitFacts facts = {o->kind};
  facts.flags = w.timed ? kWaitTimed : 0;
  facts.object = o->lock;
  facts.address = w.object;
  facts.held = heldNode(r);
  facts.context = contextAt(r.thread(), at, w.site);
  facts.peer = lock;
  facts.signals = o->signals;
  w.number = beginWait(r, facts);
}

/// A condition's lock: a monitor from now on (trace/order.h).
void makeMonitor(const Recording &r, Object *lock, Ref condition) {
  if (lockState(lock->lock) & kLockMonitor)
    return;
  setLockState(lock->lock, kLockMonitor);
  if (auto *record = reserveRecord<MonitorRecord>(r.thread()->index, 0, true)) {
    record->lock = lock->lock;
    record->condition = condition;
    record->thread = r.thread()->index;
    record->epoch = r.thread()->epoch;
    TraceFile::commit(record, RecordKind::Monitor, uint8_t(MonitorKind::Waited));
  }
}

class KeepErrno {
public:
  KeepErrno() : kept_(errno) {}
  ~KeepErrno() { errno = kept_; }

private:
  const int kept_;
};

} // namespace

#define ANNOTATION(name, result, parameters)                                                                 \
  extern "C" __attribute__((visibility("default"))) result annotation_##name parameters __asm__(#name);      \
  result annotation_##name parameters

ANNOTATION(gordian_lock_create, void, (const void *lock, int kind, const char *name)) {
  const KeepErrno keep;
  ThreadState *t = enter();
  if (!t)
    return;
  removeObject(lock);
  Recording r(t);
  if (!r)
    return;
  Place place = {GORDIAN_CALL_POINT(), nullptr, 0, nullptr};
  settle(r, place);
  Object *o = objectAt(lock);
  if (!o)
    return;
  const Ref ref = identify(t, o, {kindOf(kind), kLockInitialised}, place.at, place.site);
  if (ref && name)
    static_cast<LockRecord *>(traceFile.at(ref))->name = writeString(name, strnlen(name, 256));
}

ANNOTATION(gordian_lock_destroy, void, (const void *lock)) {
  const KeepErrno keep;
  ThreadState *t = enter();
  Object *o = t ? findObject(lock) : nullptr;
  if (!o)
    return;
  if (o->owner != 0 || findHeld(t, lock))
    reportDestroyHeld(t, lock, o->lock, 0, GORDIAN_CALL_POINT());
  setLockState(o->lock, kLockDestroyed);
  removeObject(lock);
}

ANNOTATION(gordian_acquire_begin, void,
           (const void *lock, int kind, int mode, int requestFlags, const char *file, int line,
            const char *function)) {
  const KeepErrno keep;
  ThreadState *t = enter();
  if (!t)
    return;
  AnnotatedWait *w = openWait(t, lock);
  w->kind = uint8_t(kind);
  w->timed = requestFlags & GORDIAN_TIMED;
  w->state = stateOf(mode, requestFlags);
  Recording r(t);
  if (!r)
    return;
  Place place = {GORDIAN_CALL_POINT(), file, line, function};
  settle(r, place);
  w->site = place.site;
  Object *o = identified(r, lock, kind, place);
  if (o && !(requestFlags & GORDIAN_TRY))
    request(r, o, *w, place);
}

ANNOTATION(gordian_acquire_end, void, (const void *lock, int success)) {
  const KeepErrno keep;
  ThreadState *t = enter();
  AnnotatedWait *open = t ? innermost(t, lock) : nullptr;
  if (!open)
    return;
  const AnnotatedWait w = *open;
  closeWait(t, open);
  endWait(t, w.number);
  if (success)
    acquired(t, lock, w.state, w.site, GORDIAN_CALL_POINT());
}

ANNOTATION(gordian_release, void, (const void *lock, const char *file, int line, const char *function)) {
  const KeepErrno keep;
  ThreadState *t = enter();
  if (!t)
    return;
  const CallPoint at = GORDIAN_CALL_POINT();
  HeldEntry *e = findHeld(t, lock);
  if (!e) {
    const Object *o = findObject(lock);
    Place place = {at, file, line, function};
    if (Recording r(t); r)
      settle(r, place);
    reportForeignRelease(t, lock, o ? o->lock : kNoRef, 0, o && (o->owner || o->arrivals), at, place.site);
  } else if ((e->state & kHeldLevels) > 1) {
    e->state--;
  } else {
    released(t, e);
    t->lastReleasePc = at.pc;
  }
}

ANNOTATION(gordian_release_all, int, (const void *lock, const char *, int, const char *)) {
  const KeepErrno keep;
  ThreadState *t = enter();
  HeldEntry *e = t ? findHeld(t, lock) : nullptr;
  const int levels = e ? int(e->state & kHeldLevels) : 0;
  if (e)
    released(t, e);
  // A condition's wait begins in earnest when its lock is gone.
  for (uint32_t i = 0; t && i < t->annotatedCount; i++) {
    AnnotatedWait &w = t->annotated[i];
    if (w.lock != lock)
      continue;
    w.lock = nullptr;
    const Object *l = findObject(lock);
    Object *o = findObject(w.object);
    if (Recording r(t); r && o)
      publishWait(r, o, w, l ? l->lock : kNoRef, GORDIAN_CALL_POINT());
  }
  return levels;
}

ANNOTATION(gordian_restore, void,
           (const void *lock, int levels, const char *file, int line, const char *function)) {
  const KeepErrno keep;
  ThreadState *t = enter();
  if (!t || levels <= 0)
    return;
  Place place = {GORDIAN_CALL_POINT(), file, line, function};
  if (Recording r(t); r)
    settle(r, place);
  acquired(t, lock, kHeldOnce | kHeldReacquired, place.site, place.at);
  if (HeldEntry *e = findHeld(t, lock))
    e->state = (e->state & ~kHeldLevels) | (uint32_t(levels) & kHeldLevels);
}

ANNOTATION(gordian_wait_begin, void,
           (const void *object, int kind, const void *lock, int requestFlags, const char *file, int line,
            const char *function)) {
  const KeepErrno keep;
  ThreadState *t = enter();
  if (!t)
    return;
  AnnotatedWait *w = openWait(t, object);
  w->kind = uint8_t(kind);
  w->timed = requestFlags & GORDIAN_TIMED;
  w->lock = lock;
  Recording r(t);
  if (!r)
    return;
  Place place = {GORDIAN_CALL_POINT(), file, line, function};
  settle(r, place);
  w->site = place.site;
  Object *o = identified(r, object, kind, place);
  if (!o)
    return;
  w->signals = o->signals;
  OperationFacts facts = {waitKind(kind), uint8_t((w->timed ? kOperationTimed : 0) |
                                                  (requestFlags & GORDIAN_TRY ? kOperationTry : 0))};
  facts.object = o->lock;
  if (lock) {
    Object *l = findObject(lock);
    HeldEntry *e = findHeld(t, lock);
    facts.other = l ? l->lock : kNoRef;
    if (e)
      facts.mutexNode = nodeOf(r, e);
    else
      facts.flags |= kOperationNotHeld;
    if (l)
      makeMonitor(r, l, o->lock);
    o->mutex = lock;
    if (e && (e->state & kHeldLevels) > 1)
      facts.flags |= kOperationRecursive;
    // What stays held while it waits: all but the lock.
    facts.held = e ? heldWithout(r, e) : heldNode(r);
    facts.heldGiven = true;
  }
  recordOperation(r, facts, place.at, place.site);
  if (!lock && !(requestFlags & GORDIAN_TRY))
    publishWait(r, o, *w, kNoRef, place.at);
}

ANNOTATION(gordian_wait_end, void, (const void *object, int woken)) {
  const KeepErrno keep;
  ThreadState *t = enter();
  AnnotatedWait *open = t ? innermost(t, object) : nullptr;
  if (!open)
    return;
  const AnnotatedWait w = *open;
  closeWait(t, open);
  endWait(t, w.number);
  Object *o = woken ? findObject(object) : nullptr;
  Recording r(t);
  if (!o || !r)
    return;
  if (w.kind == GORDIAN_SEMAPHORE)
    takeUnit(t, o);
  else
    absorbFrom(t, w.kind == GORDIAN_CONDITION ? OrderKind::Condition : OrderKind::Annotated, o);
}

ANNOTATION(gordian_notify, void,
           (const void *object, int kind, int all, const char *file, int line, const char *function)) {
  const KeepErrno keep;
  ThreadState *t = enter();
  if (!t)
    return;
  Recording r(t);
  if (!r)
    return;
  Place place = {GORDIAN_CALL_POINT(), file, line, function};
  settle(r, place);
  Object *o = identified(r, object, kind, place);
  if (!o)
    return;
  OperationFacts facts = {notifyKind(kind, all != 0)};
  facts.object = o->lock;
  recordOperation(r, facts, place.at, place.site);
  if (kind == GORDIAN_SEMAPHORE)
    postUnit(t, o);
  else
    publishAt(t, o);
  __atomic_fetch_add(&o->signals, 1, __ATOMIC_RELEASE);
}

ANNOTATION(gordian_happens_before, void, (const void *object)) {
  const KeepErrno keep;
  ThreadState *t = enter();
  if (!t)
    return;
  if (Recording r(t); r) {
    Place place = {GORDIAN_CALL_POINT(), nullptr, 0, nullptr};
    settle(r, place);
    if (Object *o = identified(r, object, GORDIAN_EVENT, place))
      publishAt(t, o);
  }
}

ANNOTATION(gordian_happens_after, void, (const void *object)) {
  const KeepErrno keep;
  ThreadState *t = enter();
  Object *o = t ? findObject(object) : nullptr;
  if (!o)
    return;
  if (Recording r(t); r)
    absorbFrom(t, OrderKind::Annotated, o);
}

ANNOTATION(gordian_ignore_begin, void, ()) {
  const KeepErrno keep;
  if (ignoreDepth++ > 0)
    return;
  ignoredState = enter();
  hot.state = nullptr;
  if (ignoredState)
    attachment = Attachment::Ignoring;
}

ANNOTATION(gordian_ignore_end, void, ()) {
  if (ignoreDepth == 0 || --ignoreDepth > 0 || !ignoredState)
    return;
  attachment = Attachment::Attached;
  hot.state = ignoredState;
  ignoredState = nullptr;
}

ANNOTATION(gordian_thread_name, void, (const char *name)) {
  const KeepErrno keep;
  if (ThreadState *t = enter())
    nameThread(t, t->index, name);
}

ANNOTATION(gordian_log, void, (const char *text)) {
  const KeepErrno keep;
  ThreadState *t = enter();
  if (!t)
    return;
  if (Recording r(t); r)
    writeLog(LogLevel::Note, text);
}

ANNOTATION(gordian_active, int, ()) {
  return __atomic_load_n(&recording, __ATOMIC_RELAXED);
}

} // namespace gordian::runtime
