// SPDX-License-Identifier: MIT
//
// Barriers: all arrivals of a round come before all departures (trace/order.h).
#include "hooks/entry.h"
#include "hooks/layout.h"
#include "hooks/real.h"
#include "hooks/waits.h"
#include "trace/contexts.h"
#include "trace/order.h"
#include "trace/writer.h"

namespace gordian::runtime {

using namespace gordian::trace;

namespace {

uint32_t wordAt(const pthread_barrier_t *b, size_t place) {
  return *reinterpret_cast<const volatile uint32_t *>(reinterpret_cast<const char *>(b) + place);
}

uint32_t countOf(const pthread_barrier_t *b) {
  return wordAt(b, kBarrierCount);
}

bool isProcessShared(const pthread_barrier_t *b) {
  return wordAt(b, kBarrierShared) != 0;
}

Object *barrierAt(const Recording &r, pthread_barrier_t *b, uint8_t lockFlags, CallPoint at, uint64_t site) {
  Object *o = objectAt(b);
  const uint8_t flags = uint8_t(lockFlags | (isProcessShared(b) ? kLockProcessShared : 0));
  if (o)
    identify(r.thread(), o, {ObjectKind::Barrier, flags, countOf(b)}, at, site);
  return o;
}

struct BarrierWait {
  ThreadState *t;
  Object *object = nullptr;
  uint32_t round = 0;
  uint32_t number = 0;
};

void begin(BarrierWait &wait, pthread_barrier_t *b, CallPoint at) {
  Recording r(wait.t);
  if (!r)
    return;
  const uint64_t site = callKey(at, wait.t->stack);
  Object *o = barrierAt(r, b, 0, at, site);
  if (!o)
    return;
  OperationFacts facts = {OperationKind::BarrierWait};
  facts.object = o->lock;
  recordOperation(r, facts, at, site);
  wait.object = o;
  wait.round = arrive(wait.t, o, countOf(b));
  WaitFacts waitFacts = {ObjectKind::Barrier};
  waitFacts.flags = isProcessShared(b) ? kWaitShared : 0;
  waitFacts.object = o->lock;
  waitFacts.address = b;
  waitFacts.held = heldNode(r);
  waitFacts.context = contextAt(wait.t, at, site);
  wait.number = beginWait(r, waitFacts);
}

} // namespace

GORDIAN_HOOK(pthread_barrier_wait, int, (pthread_barrier_t * object)) {
  BarrierWait wait = {enter()};
  if (wait.t)
    begin(wait, object, GORDIAN_CALL_POINT());
  const int result = GORDIAN_REAL(pthread_barrier_wait)(object);
  if (!wait.object)
    return result;
  endWait(wait.t, wait.number);
  if (Recording r(wait.t); r && (result == 0 || result == PTHREAD_BARRIER_SERIAL_THREAD))
    leave(wait.t, wait.object, wait.round);
  return result;
}

GORDIAN_HOOK(pthread_barrier_init, int,
             (pthread_barrier_t * object, const pthread_barrierattr_t *attributes, unsigned count)) {
  const int result = GORDIAN_REAL(pthread_barrier_init)(object, attributes, count);
  ThreadState *t = result == 0 ? enter() : nullptr;
  if (!t)
    return result;
  removeObject(object);
  const CallPoint at = GORDIAN_CALL_POINT();
  if (Recording r(t); r)
    barrierAt(r, object, kLockInitialised, at, callKey(at, t->stack));
  return result;
}

GORDIAN_HOOK(pthread_barrier_destroy, int, (pthread_barrier_t * object)) {
  if (Object *o = findObject(object)) {
    setLockState(o->lock, kLockDestroyed);
    removeObject(object);
  }
  return GORDIAN_REAL(pthread_barrier_destroy)(object);
}

} // namespace gordian::runtime
