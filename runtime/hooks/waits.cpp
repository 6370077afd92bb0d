// SPDX-License-Identifier: MIT
#include "hooks/waits.h"

#include "core/flags.h"
#include "core/sys.h"
#include "hooks/deadlock.h"
#include "trace/writer.h"

namespace gordian::runtime {

using namespace gordian::trace;

constinit uint32_t threadsStarting = 0;

namespace {

constinit uint32_t blocked = 0;       // threads in a published wait without time limit
constinit uint32_t threadsEnding = 0; // that have begun their last look, and still count as live

uint32_t endingNow() {
  return __atomic_load_n(&threadsEnding, __ATOMIC_SEQ_CST);
}

} // namespace

uint32_t beginWait(const Recording &r, const WaitFacts &facts) {
  ThreadState *t = r.thread();
  WaitSlot *s = t->slot;
  const uint32_t number = s->number;
  if (number & 1)
    return 0; // a signal handler waits inside a wait
  s->kind = facts.kind;
  s->mode = facts.mode;
  s->flags = uint8_t(facts.flags | (t->overflow ? kWaitUntracked : 0));
  s->object = facts.object;
  s->held = facts.held;
  s->context = facts.context;
  s->peer = facts.peer;
  s->address = reinterpret_cast<uintptr_t>(facts.address);
  t->blockedTop = t->top();
  t->waitSignals = facts.signals;
  // The publication comes before the look at the others: of several threads that close a circle, the last one
  // sees it.
  __atomic_store_n(&s->number, number + 1, __ATOMIC_SEQ_CST);
  if (facts.flags & kWaitTimed)
    return number + 1;
  const uint32_t all = __atomic_add_fetch(&blocked, 1, __ATOMIC_SEQ_CST);
  if (!checkCircle(r) && all + endingNow() >= liveThreads() && options.stall)
    checkStall(r, all);
  return number + 1;
}

void endWait(ThreadState *t, uint32_t number) {
  if (!number)
    return;
  if (!(t->slot->flags & kWaitTimed))
    __atomic_sub_fetch(&blocked, 1, __ATOMIC_RELAXED);
  __atomic_store_n(&t->slot->number, number + 1, __ATOMIC_RELEASE);
}

void checkStallAtEnd(const Recording &r) {
  // Of threads that end at one time, and of one that blocks meanwhile, the last one sees the others.
  __atomic_store_n(&r.thread()->ending, true, __ATOMIC_SEQ_CST);
  __atomic_add_fetch(&threadsEnding, 1, __ATOMIC_SEQ_CST);
  const uint32_t waiting = __atomic_load_n(&blocked, __ATOMIC_SEQ_CST);
  if (waiting > 0 && waiting + endingNow() >= liveThreads() && options.stall)
    checkStall(r, waiting);
}

void hasEnded() {
  __atomic_sub_fetch(&threadsEnding, 1, __ATOMIC_SEQ_CST);
}

void forgetWaits() {
  blocked = 0;
  threadsStarting = 0;
  threadsEnding = 0;
}

} // namespace gordian::runtime
