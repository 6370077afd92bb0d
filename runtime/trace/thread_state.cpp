// SPDX-License-Identifier: MIT
#include "trace/thread_state.h"

#include "core/check.h"
#include "core/futex_lock.h"
#include "trace/objects.h"
#include "trace/session.h"
#include "trace/writer.h"

#include <cstring>

extern "C" void *__libc_stack_end;

namespace gordian::runtime {

using namespace gordian::trace;

constinit FutexLock threadsLock;
__thread ThreadHot hot __attribute__((tls_model("initial-exec"))) = {nullptr};
__thread Attachment attachment __attribute__((tls_model("initial-exec"))) = Attachment::Fresh;

namespace {

constinit ThreadState *pool = nullptr;
constinit ThreadState *live[kWaitSlots] = {}; // by slot
constinit uint16_t freeSlots[kWaitSlots] = {};
constinit uint32_t freeSlotCount = 0;
constinit uint32_t slotsUsed = 0;
constinit uint32_t lastIndex = 0;
constinit uint16_t slotOfTid[4096] = {}; // a hint

/// With threadsLock held. False: the table is full.
bool takeSlot(ThreadState *t) {
  uint32_t i;
  if (freeSlotCount > 0)
    i = freeSlots[--freeSlotCount];
  else if (slotsUsed < kWaitSlots)
    i = slotsUsed++;
  else
    return false;
  WaitSlot *slot = traceFile.waitSlot(i);
  if (!slot)
    return false;
  const uint32_t number = slot->number;
  memset(slot, 0, sizeof(*slot));
  slot->number = (number + 1) & ~1u;
  slot->thread = t->index;
  t->slot = slot;
  t->slotIndex = i;
  __atomic_store_n(&traceFile.header().slotsUsed, slotsUsed, __ATOMIC_RELAXED);
  slotOfTid[t->tid % 4096] = uint16_t(i);
  __atomic_store_n(&live[i], t, __ATOMIC_RELEASE);
  __atomic_store_n(&slot->tid, t->tid, __ATOMIC_RELEASE);
  return true;
}

template <class Slot>
void clearTable(GrowingTable<Slot> &table) {
  constexpr uint32_t kKeep = 4096 / sizeof(Slot) * 4;
  if (table.capacity > kKeep) {
    unmapMemory(table.slots, table.capacity * sizeof(Slot));
    table = {};
  } else if (table.used > 0) {
    memset(table.slots, 0, table.capacity * sizeof(Slot));
  }
  table.used = 0;
}

/// A state as good as new. `cache` and the tables are cleared only if they were used.
void resetState(ThreadState *t) {
  const GrowingTable<NodeSlot> nodes = t->nodes;
  const GrowingTable<ClassSlot> classes = t->classes;
  if (nodes.used > 0)
    memset(t->cache, 0, sizeof(t->cache));
  memset(static_cast<void *>(t), 0, offsetof(ThreadState, scratch));
  memset(static_cast<void *>(&t->held[0]), 0, sizeof(t->held[0]));
  t->nodes = nodes;
  t->classes = classes;
  clearTable(t->nodes);
  clearTable(t->classes);
  t->slot = &t->privateSlot;
  t->slotIndex = kWaitSlots;
  t->epoch = 1;
}

ThreadState *takeState() {
  if (ThreadState *t = pool) {
    pool = t->next;
    return t;
  }
  return static_cast<ThreadState *>(mapMemory(sizeof(ThreadState)));
}

/// `size`: of the stack that the thread was created with, 0: not known. What is not sure to be its own
/// (guard, the C library's part) is left out: such frames are walked more slowly, that is all.
StackExtent stackOf(uint32_t tid, size_t size) {
  constexpr uintptr_t kMain = 64u << 20, kUnknown = 64u << 10;
  if (tid == processId()) {
    const auto high = reinterpret_cast<uintptr_t>(__libc_stack_end);
    return {high - kMain, high}; // the kernel leaves more than that free below it
  }
  // The thread's control block lies at the end of its stack.
  const auto high = reinterpret_cast<uintptr_t>(__builtin_thread_pointer());
  return {high - (size ? size / 4 * 3 : kUnknown), high};
}

void writeStart(ThreadState *t, const ThreadBirth &birth) {
  auto *r = reserveRecord<ThreadStartRecord>(t->index, 0, true);
  if (!r)
    return;
  r->thread = t->index;
  r->tid = t->tid;
  r->parent = birth.parent;
  r->parentEpoch = birth.parentEpoch;
  r->context = birth.context;
  r->startRoutine = birth.startRoutine;
  r->time = monotonicNow();
  TraceFile::commit(r, RecordKind::ThreadStart);
}

} // namespace

ThreadIndex newThreadIndex() {
  const ThreadIndex index = __atomic_add_fetch(&lastIndex, 1, __ATOMIC_RELAXED);
  if (traceFile.isOpen())
    __atomic_store_n(&traceFile.header().threads, index, __ATOMIC_RELAXED);
  return index;
}

ThreadState *startThread(const ThreadBirth &birth) {
  if (!recording || !openSession())
    return nullptr;
  Locked locked(threadsLock);
  if (!locked)
    return nullptr;
  ThreadState *t = takeState();
  if (!t)
    return nullptr;
  resetState(t);
  t->tid = threadId();
  t->index = birth.index ? birth.index : newThreadIndex();
  t->nestedPast = birth.nestedPast;
  t->stack = stackOf(t->tid, birth.stackSize);
  t->handle = reinterpret_cast<uintptr_t>(__builtin_thread_pointer());
  if (!takeSlot(t))
    traceFile.drop(kDroppedThreads, kIncompleteThreads);
  __atomic_fetch_add(&traceFile.header().liveThreads, 1, __ATOMIC_RELAXED);
  writeStart(t, birth);
  t->heldTop = t->bottom();
  hot.state = t;
  attachment = Attachment::Attached;
  return t;
}

void endThread(ThreadState *t) {
  hot.state = nullptr;
  attachment = Attachment::Gone;
  if (auto *r = reserveRecord<ThreadEndRecord>(t->index)) {
    r->thread = t->index;
    r->epoch = t->epoch;
    r->time = monotonicNow();
    TraceFile::commit(r, RecordKind::ThreadEnd, t->endKind);
  }
  Locked locked(threadsLock);
  if (!locked)
    return;
  if (traceFile.isOpen())
    __atomic_fetch_sub(&traceFile.header().liveThreads, 1, __ATOMIC_RELAXED);
  if (t->slotIndex < kWaitSlots) {
    __atomic_store_n(&t->slot->tid, 0, __ATOMIC_RELEASE);
    __atomic_store_n(&live[t->slotIndex], nullptr, __ATOMIC_RELEASE);
    freeSlots[freeSlotCount++] = uint16_t(t->slotIndex);
  }
  t->heldTop = nullptr;
  t->next = pool;
  pool = t;
}

ThreadState *attachThread() {
  if (attachment != Attachment::Fresh)
    return nullptr;
  attachment = Attachment::Ignoring; // while the state is made
  ThreadState *t = startThread({});
  attachment = t ? Attachment::Attached : Attachment::Fresh;
  if (t && watchThreadEnd)
    watchThreadEnd(t);
  return t;
}

ThreadState *threadInSlot(uint32_t slot) {
  return __atomic_load_n(&live[slot], __ATOMIC_ACQUIRE);
}

uint32_t threadSlots() {
  return __atomic_load_n(&slotsUsed, __ATOMIC_RELAXED);
}

ThreadState *threadOfTid(uint32_t tid) {
  if (ThreadState *t = threadInSlot(slotOfTid[tid % 4096]); t && t->tid == tid)
    return t;
  for (uint32_t i = 0; i < threadSlots(); i++)
    if (ThreadState *t = threadInSlot(i); t && t->tid == tid)
      return t;
  return nullptr;
}

uint32_t liveThreads() {
  return traceFile.isOpen() ? __atomic_load_n(&traceFile.header().liveThreads, __ATOMIC_RELAXED) : 0;
}

void forEachThread(bool (*visit)(ThreadState *t, void *data), void *data) {
  Locked locked(threadsLock);
  if (!locked)
    return;
  for (uint32_t i = 0; i < slotsUsed; i++)
    if (ThreadState *t = live[i]; t && !visit(t, data))
      return;
}

void keepOnly(ThreadState *t) {
  for (uint32_t i = 0; i < slotsUsed; i++) {
    if (live[i] && live[i] != t) {
      live[i]->next = pool;
      pool = live[i];
    }
    live[i] = nullptr;
  }
  freeSlotCount = slotsUsed = 0;
  lastIndex = 0;
  if (!t)
    return;
  memset(t->cache, 0, sizeof(t->cache));
  memset(t->fullClasses, 0, sizeof(t->fullClasses)); // they point into the parent's file
  t->countsClasses = false;
  clearTable(t->nodes);
  clearTable(t->classes);
  t->slot = &t->privateSlot;
  t->slotIndex = kWaitSlots;
  t->privateSlot = {};
  t->unitCount = 0;
  t->busy = 0;
  t->epoch = 1;
  t->dirty = t->published = false;
  for (HeldEntry *e = t->bottom() + 1; e <= t->top(); e++) {
    e->lock = e->node = kNoRef; // unfolded before, see unfoldHeld
    e->state = (e->state & ~kHeldMonitor) | kHeldInherited | kHeldRechained;
  }
  t->index = 0;
  t->tid = threadId();
}

void joinSession(ThreadState *t) {
  Locked locked(threadsLock);
  if (!locked || t->index)
    return;
  t->index = newThreadIndex();
  if (!takeSlot(t))
    traceFile.drop(kDroppedThreads, kIncompleteThreads);
  __atomic_fetch_add(&traceFile.header().liveThreads, 1, __ATOMIC_RELAXED);
  writeStart(t, {});
}

void forgetLater(ThreadState *t, const void *address) {
  for (const void *&slot : t->foreignReleases) {
    const void *free = nullptr;
    if (__atomic_compare_exchange_n(&slot, &free, address, false, __ATOMIC_RELEASE, __ATOMIC_RELAXED))
      break;
  }
  __atomic_store_n(&t->foreign, 1, __ATOMIC_RELEASE);
}

void rememberAgain(const void *address) {
  forEachThread(
      [](ThreadState *t, void *data) {
        for (const void *&slot : t->foreignReleases) {
          const void *there = data;
          __atomic_compare_exchange_n(&slot, &there, nullptr, false, __ATOMIC_RELEASE, __ATOMIC_RELAXED);
        }
        return true;
      },
      const_cast<void *>(address));
}

} // namespace gordian::runtime
