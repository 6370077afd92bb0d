// SPDX-License-Identifier: MIT
//
// Code that runs once: pthread_once, call_once and C++'s function-local statics (__cxa_guard_*). The thread
// that runs the initialiser holds the once object like a lock; the others wait for it. Whoever finds it done
// comes after it.
//
// A once object that is done costs one look at its word; the edge to the initialiser is taken once for each
// thread that meets it while locks were nested somewhere before.
#include "core/sys.h"
#include "hooks/entry.h"
#include "hooks/mutex.h"
#include "hooks/real.h"
#include "hooks/waits.h"
#include "trace/contexts.h"
#include "trace/order.h"
#include "trace/writer.h"

namespace gordian::runtime {

using namespace gordian::trace;

namespace {

// glibc's pthread_once_t: bit 0 running, bit 1 done. The first byte of a guard is its "done", the second
// "running".
bool onceDone(const void *control) {
  return *static_cast<const volatile int *>(control) & 2;
}
bool onceRunning(const void *control) {
  return *static_cast<const volatile int *>(control) & 1;
}
bool guardRunning(const void *guard) {
  return static_cast<const volatile uint8_t *>(guard)[1] != 0;
}

Object *onceObject(const Recording &r, const void *address, ObjectKind kind, CallPoint at, uint64_t site) {
  Object *o = objectAt(address);
  if (o)
    identify(r.thread(), o, {kind}, at, site);
  return o;
}

/// Somebody else is running the initialiser (or this thread itself, further out: then it waits for ever).
uint32_t beginOnceWait(ThreadState *t, const void *address, ObjectKind kind, CallPoint at, uint64_t site) {
  Recording r(t);
  if (!r)
    return 0;
  Object *o = onceObject(r, address, kind, at, site);
  if (!o)
    return 0;
  const Ref held = heldNode(r);
  if (const HeldEntry *own = findHeld(t, address))
    recordMisuse(r, {MisuseKind::Relock, 0, o->lock, own->node, t->index, 0, -1}, at, site);
  else
    markBlocked(recordRequest(r, o->lock, kind, kHeldOnce, at, site));
  WaitFacts facts = {kind};
  facts.object = o->lock;
  facts.address = address;
  facts.held = held;
  facts.context = contextAt(t, at, site);
  return beginWait(r, facts);
}

void beginInitialiser(ThreadState *t, const void *address, ObjectKind kind, CallPoint at, uint64_t site) {
  Ref lock = kNoRef;
  if (Recording r(t); r)
    if (Object *o = onceObject(r, address, kind, at, site)) {
      lock = o->lock;
      o->owner = t->index;
    }
  pushHeld(t, address, lock, kind, kHeldOnce, at, site);
}

void endInitialiser(ThreadState *t, const void *address, bool done) {
  if (HeldEntry *e = findHeld(t, address))
    removeHeld(t, e);
  Recording r(t);
  Object *o = r ? findObject(address) : nullptr;
  if (!o)
    return;
  o->owner = 0;
  if (done)
    publishAt(t, o);
}

/// Done by another thread: what its initialiser did comes before.
void comesAfter(ThreadState *t, const void *address) {
  Object *o = findObject(address);
  if (!o || !hasNestedPast(o))
    return;
  if (Recording r(t); r)
    absorbFrom(t, OrderKind::Once, o);
}

/// The initialiser, wrapped so that the runtime knows when it runs; pthread_once's takes no argument, so it
/// travels in TLS. Initialisers nest.
struct Running {
  Running *outer;
  const void *control;
  void (*routine)();
  CallPoint at;
  uint64_t site;
  bool ran;
};
__thread Running *running __attribute__((tls_model("initial-exec"))) = nullptr;

void abandon(void *control) {
  if (ThreadState *t = hot.state)
    endInitialiser(t, control, false);
}

void runInitialiser() {
  Running *mine = running;
  ThreadState *t = hot.state;
  mine->ran = true;
  if (!t)
    return mine->routine();
  beginInitialiser(t, mine->control, ObjectKind::Once, mine->at, mine->site);
  callCancellable(abandon, const_cast<void *>(mine->control), [=] {
    mine->routine();
    return 0;
  });
  if (ThreadState *now = hot.state)
    endInitialiser(now, mine->control, true);
}

void unwound(void *outer) {
  running = static_cast<Running *>(outer);
}

/// It is done; but where a lock is held that the initialiser may need, another schedule waits for it here.
void wouldWait(ThreadState *t, const void *control, CallPoint at) {
  const Object *o = t->top() == t->bottom() ? nullptr : findObject(control);
  if (!o || !o->lock || findHeld(t, control))
    return;
  if (Recording r(t); r)
    recordRequest(r, o->lock, ObjectKind::Once, kHeldOnce, at, callKey(at, t->stack));
}

template <class Real>
int runOnce(const void *control, void (*routine)(), CallPoint at, Real call) {
  ThreadState *t = enter();
  if (!t)
    return call(routine);
  if (onceDone(control)) {
    wouldWait(t, control, at);
    comesAfter(t, control);
    return call(routine);
  }
  const uint64_t site = callKey(at, t->stack);
  const uint32_t number = onceRunning(control) ? beginOnceWait(t, control, ObjectKind::Once, at, site) : 0;
  Running mine = {running, control, routine, at, site, false};
  running = &mine;
  const int result = callCancellable(unwound, mine.outer, [=] { return call(runInitialiser); });
  running = mine.outer;
  endWait(t, number);
  if (!mine.ran)
    comesAfter(t, control);
  return result;
}

// libstdc++ may be there and not to be found: a plug-in brought it along, outside the global scope, while its
// calls still come here first. So the hooks can do what it does, with the same bits of the guard's first
// word.
constexpr uint32_t kGuardDone = 1, kGuardPending = 0x100, kGuardWaiting = 0x10000;

int ownGuardAcquire(uint64_t *guard) {
  auto *word = reinterpret_cast<uint32_t *>(guard);
  for (;;) {
    uint32_t seen = 0;
    if (__atomic_compare_exchange_n(word, &seen, kGuardPending, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
      return 1;
    if (seen & kGuardDone)
      return 0;
    if (!(seen & kGuardWaiting) && !__atomic_compare_exchange_n(word, &seen, seen | kGuardWaiting, false,
                                                                __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
      continue;
    futexWait(word, seen | kGuardWaiting);
  }
}

void ownGuardLeave(uint64_t *guard, uint32_t state) {
  auto *word = reinterpret_cast<uint32_t *>(guard);
  if (__atomic_exchange_n(word, state, __ATOMIC_ACQ_REL) & kGuardWaiting)
    futexWake(word, INT32_MAX);
}
void ownGuardRelease(uint64_t *guard) {
  ownGuardLeave(guard, kGuardDone);
}
void ownGuardAbort(uint64_t *guard) {
  ownGuardLeave(guard, 0);
}

} // namespace

GORDIAN_HOOK(pthread_once, int, (pthread_once_t * object, void (*routine)())) {
  return runOnce(object, routine, GORDIAN_CALL_POINT(),
                 [=](void (*f)()) { return GORDIAN_REAL(pthread_once)(object, f); });
}

GORDIAN_HOOK(call_once, void, (once_flag * object, void (*routine)())) {
  runOnce(object, routine, GORDIAN_CALL_POINT(), [=](void (*f)()) {
    GORDIAN_REAL(call_once)(object, f);
    return 0;
  });
}

GORDIAN_HOOK(__cxa_guard_acquire, int, (uint64_t *object)) {
  auto *acquire = GORDIAN_REAL(__cxa_guard_acquire);
  if (!acquire)
    acquire = ownGuardAcquire;
  ThreadState *t = enter();
  if (!t)
    return acquire(object);
  const CallPoint at = GORDIAN_CALL_POINT();
  const uint64_t site = callKey(at, t->stack);
  const uint32_t number =
      guardRunning(object) ? beginOnceWait(t, object, ObjectKind::StaticGuard, at, site) : 0;
  const int result = acquire(object);
  endWait(t, number);
  if (result)
    beginInitialiser(t, object, ObjectKind::StaticGuard, at, site);
  else
    comesAfter(t, object);
  return result;
}

GORDIAN_HOOK(__cxa_guard_release, void, (uint64_t *object)) {
  if (ThreadState *t = hot.state)
    endInitialiser(t, object, true);
  auto *release = GORDIAN_REAL(__cxa_guard_release);
  (release ? release : ownGuardRelease)(object);
}

GORDIAN_HOOK(__cxa_guard_abort, void, (uint64_t *object)) {
  if (ThreadState *t = hot.state)
    endInitialiser(t, object, false);
  auto *giveUpGuard = GORDIAN_REAL(__cxa_guard_abort);
  (giveUpGuard ? giveUpGuard : ownGuardAbort)(object);
}

} // namespace gordian::runtime
