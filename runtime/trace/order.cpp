// SPDX-License-Identifier: MIT
#include "trace/order.h"

#include "trace/writer.h"

#include <cstring>

namespace gordian::runtime {

using namespace gordian::trace;

namespace {

constexpr uint32_t kEdgesForObject = 100'000;

void nextEpoch(ThreadState *t) {
  t->epoch++;
  t->dirty = t->published = false;
}

void writeGap(ThreadState *t, Ref object) {
  traceFile.drop(kDroppedOrder, kIncompleteOrder);
  auto *r = reserveRecord<OrderGapRecord>(t->index, 0, true);
  if (!r)
    return;
  r->thread = t->index;
  r->epoch = t->epoch;
  r->object = object;
  TraceFile::commit(r, RecordKind::OrderGap);
}

/// What comes before `after`, an epoch of the thread `t` or of an object's rounds.
void writeOrder(ThreadState *t, OrderKind kind, Ref object, Handoff before, Handoff after) {
  auto *r = reserveRecord<OrderRecord>(t->index);
  if (!r) {
    traceFile.drop(kDroppedOrder, kIncompleteOrder);
    return;
  }
  r->thread = after.thread;
  r->epoch = after.epoch;
  r->object = object;
  r->peer = before.thread;
  r->peerEpoch = before.epoch;
  TraceFile::commit(r, RecordKind::Order, uint8_t(kind));
}

/// The thread returns a unit that it took itself: the unit keeps where it came from.
bool giveBack(ThreadState *t, const void *semaphore, Handoff &token) {
  for (uint32_t i = t->unitCount; i-- > 0;) {
    if (t->units[i].address != semaphore)
      continue;
    token = {t->units[i].from, t->units[i].epoch};
    t->unitCount--;
    memmove(&t->units[i], &t->units[i + 1], (t->unitCount - i) * sizeof(SemaphoreUnit));
    return true;
  }
  return false;
}

} // namespace

constinit bool nestedAnywhere = false;

Published publish(ThreadState *t) {
  const Published p = {t->index, t->epoch};
  if (t->dirty)
    nextEpoch(t);
  else
    t->published = true;
  return p;
}

void markDirty(ThreadState *t) {
  if (t->published)
    nextEpoch(t);
  t->dirty = true;
}

void beginEpoch(ThreadState *t) {
  if (t->dirty || t->published)
    nextEpoch(t);
}

void absorb(ThreadState *t, OrderKind kind, Ref object, ThreadIndex peer, Epoch epoch, bool nestedPast,
            uint32_t *budget) {
  if (peer == 0 || peer == t->index || !traceFile.isOpen())
    return;
  beginEpoch(t);
  t->nestedPast |= nestedPast;
  if (budget) {
    const uint32_t spent = __atomic_fetch_add(budget, 1, __ATOMIC_RELAXED);
    if (spent >= kEdgesForObject) {
      if (spent - kEdgesForObject < 64) // each thread that matters gets its mark
        writeGap(t, object);
      return;
    }
  }
  writeOrder(t, kind, object, {peer, epoch}, {t->index, t->epoch});
}

void publishAt(ThreadState *t, Object *o) {
  const Published p = publish(t);
  __atomic_store_n(&o->nestedPast, t->nestedPast, __ATOMIC_RELAXED);
  setLast(o, {p.thread, p.epoch});
}

void absorbFrom(ThreadState *t, OrderKind kind, Object *o) {
  const Handoff last = lastOf(o);
  absorb(t, kind, o->lock, last.thread, last.epoch, hasNestedPast(o), &o->edges);
}

void postUnit(ThreadState *t, Object *o) {
  Handoff token = {0, 0};
  if (!giveBack(t, o->address, token) || o->handoff) {
    const Published p = publish(t);
    token = {p.thread, p.epoch};
    if (t->nestedPast)
      __atomic_store_n(&o->nestedPast, true, __ATOMIC_RELAXED);
  }
  Exclusive alone(o);
  if (!alone)
    return;
  if (token.thread == 0 && o->tokenCount == 0) { // back to where it was
    o->initialUnits++;
    return;
  }
  // The newest stands for those that find no room: may order too much, and so miss.
  o->tokens[o->tokenCount < Object::kTokens ? o->tokenCount++ : Object::kTokens - 1] = token;
}

void takeUnit(ThreadState *t, Object *o) {
  Handoff token = {0, 0};
  if (Exclusive alone(o); alone) {
    if (o->initialUnits > 0) {
      o->initialUnits--;
    } else if (o->tokenCount > 0) {
      token = o->tokens[0];
      o->tokenCount--;
      memmove(&o->tokens[0], &o->tokens[1], o->tokenCount * sizeof(Handoff));
    }
  }
  absorb(t, OrderKind::Semaphore, o->lock, token.thread, token.epoch, hasNestedPast(o), &o->edges);
  keepUnit(t, {o->address, token.thread, token.epoch});
}

void keepUnit(ThreadState *t, SemaphoreUnit unit) {
  if (t->unitCount == ThreadState::kUnits) { // units that were never given back: signals, not resources
    memmove(&t->units[0], &t->units[1], sizeof(t->units[0]) * (ThreadState::kUnits - 1));
    t->unitCount--;
  }
  t->units[t->unitCount++] = unit;
}

namespace {

/// Stands for the object's rounds in ordering events.
ThreadIndex virtualThreadOf(Object *o) {
  ThreadIndex index = __atomic_load_n(&o->virtualThread, __ATOMIC_ACQUIRE);
  if (index != 0)
    return index;
  const ThreadIndex fresh = newThreadIndex();
  return __atomic_compare_exchange_n(&o->virtualThread, &index, fresh, false, __ATOMIC_ACQ_REL,
                                     __ATOMIC_ACQUIRE)
             ? fresh
             : index;
}

/// All that the thread did so far comes before the object's round.
void enterRound(ThreadState *t, OrderKind kind, Object *o, uint32_t round) {
  const ThreadIndex index = virtualThreadOf(o);
  const Published p = publish(t);
  writeOrder(t, kind, o->lock, {p.thread, p.epoch}, {index, round});
}

} // namespace

uint32_t arrive(ThreadState *t, Object *o, uint32_t count) {
  const uint32_t n = __atomic_fetch_add(&o->arrivals, 1, __ATOMIC_ACQ_REL);
  const uint32_t round = n / (count ? count : 1) + 1;
  enterRound(t, OrderKind::Barrier, o, round);
  return round;
}

void leave(ThreadState *t, Object *o, uint32_t round) {
  absorb(t, OrderKind::Barrier, o->lock, o->virtualThread, round, true, nullptr);
}

void send(ThreadState *t, Object *o) {
  const Handoff last = lastOf(o);
  if (!t->nestedPast || (last.thread == t->index && last.epoch == t->epoch))
    return;
  const uint32_t round = __atomic_add_fetch(&o->arrivals, 1, __ATOMIC_ACQ_REL);
  setLast(o, {t->index, t->epoch});
  if (round <= kEdgesForObject)
    enterRound(t, OrderKind::Channel, o, round);
}

void receive(ThreadState *t, Object *o) {
  const uint32_t round = __atomic_load_n(&o->arrivals, __ATOMIC_ACQUIRE);
  if (round == 0 || (o->owner == t->index && o->received == round))
    return;
  o->owner = t->index;
  o->received = round;
  absorb(t, OrderKind::Channel, o->lock, o->virtualThread, round, true, &o->edges);
}

void receiveFromProcess(ThreadState *t, uint32_t pid) {
  if (!traceFile.isOpen())
    return;
  beginEpoch(t);
  t->nestedPast = true; // nobody knows what that process did
  writeOrder(t, OrderKind::Process, kNoRef, {pid, 0}, {t->index, t->epoch});
}

} // namespace gordian::runtime
