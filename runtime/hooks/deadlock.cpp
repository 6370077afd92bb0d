// SPDX-License-Identifier: MIT
#include "hooks/deadlock.h"

#include "core/arena.h"
#include "core/flags.h"
#include "core/print.h"
#include "graph/wait_for.h"
#include "hooks/threads.h"
#include "hooks/waits.h"
#include "hooks/wakeable.h"
#include "trace/contexts.h"
#include "trace/python_frames.h"
#include "trace/writer.h"

#include <cstring>

namespace gordian::runtime {

using namespace gordian::trace;

namespace {

constexpr uint64_t kConfirmCircle = 50'000'000; // ns
constexpr uint32_t kMaxStalled = 2048;          // threads
constexpr uint64_t kConfirmStall = 500'000'000, kStallStep = 25'000'000;
constexpr uint64_t kLeave = 200'000'000, kLeaveStep = 2'000'000;

constinit FutexLock checkLock; // for the buffers below
constinit ThreadState **members = nullptr;
constinit uint32_t *scratch = nullptr;

/// A thread in a wait that a check has seen.
struct Seen {
  ThreadState *thread;
  uint32_t number;     // of its wait
  HeldEntry *unlisted; // not published: blocked on this lock, which its stack already has (hooks/mutex.h)
};

uint32_t waitNumber(const ThreadState *t) {
  return __atomic_load_n(&t->slot->number, __ATOMIC_ACQUIRE);
}

bool isBlocked(const ThreadState *t) {
  return (waitNumber(t) & 1) && !(t->slot->flags & kWaitTimed);
}

/// The lock that the thread waits for: its address, null where it waits for something else.
const void *wantedLock(const ThreadState *t) {
  const WaitSlot &s = *t->slot;
  const auto *address = reinterpret_cast<const void *>(s.address);
  switch (s.kind) {
  case ObjectKind::Condition: { // signalled, it wants its mutex back
    const Object *o = findObject(address);
    return o && o->signals != t->waitSignals ? o->mutex : nullptr;
  }
  case ObjectKind::Semaphore: {
    const LockRecord *lock = lockRecord(s.object);
    return lock && lock->header.flags & kLockPython && lock->state & kLockLike ? address : nullptr;
  }
  case ObjectKind::Barrier:
  case ObjectKind::Thread:
  case ObjectKind::Futex:
  case ObjectKind::AnnotatedEvent:
  case ObjectKind::Channel:
    return nullptr;
  default:
    return address;
  }
}

/// How the blocked thread holds the lock, null: not at all.
const HeldEntry *holding(ThreadState *t, const void *lock) {
  for (const HeldEntry *e = t->blockedTop; e > t->bottom(); e--)
    if (e->address == lock)
      return e;
  return nullptr;
}

bool keepsWaiting(ThreadState *from, ThreadState *to) {
  const WaitSlot &s = *from->slot;
  if (s.kind == ObjectKind::Thread)
    return to->index == s.peer;
  const void *lock = wantedLock(from);
  if (!lock)
    return false;
  if (const HeldEntry *e = holding(to, lock))
    return s.mode == Mode::Exclusive || !(e->state & kHeldShared);
  // A lock that prefers writers lets no reader in while a writer waits.
  return from != to && s.kind == ObjectKind::WriterRwLock && s.mode == Mode::Shared &&
         to->slot->kind == ObjectKind::WriterRwLock && to->slot->mode == Mode::Exclusive &&
         to->slot->address == s.address;
}

bool prepareBuffers() {
  if (members)
    return true;
  scratch = static_cast<uint32_t *>(mapMemory(3 * kWaitSlots * sizeof(uint32_t)));
  auto *memory = static_cast<ThreadState **>(mapMemory(kWaitSlots * sizeof(ThreadState *)));
  if (scratch)
    members = memory;
  return members != nullptr;
}

/// With checkLock held: the circle through `t`, as threads with their wait numbers. Returns its length.
uint32_t findCircleOf(ThreadState *t, Seen circle[kMaxCircle]) {
  uint32_t size = 0;
  members[size++] = t;
  for (uint32_t i = 0; i < threadSlots(); i++)
    if (ThreadState *other = threadInSlot(i); other && other != t && isBlocked(other))
      members[size++] = other;
  const WaitGraph graph = {
      size, [](uint32_t from, uint32_t to, const void *) { return keepsWaiting(members[from], members[to]); },
      nullptr};
  uint32_t indexes[kMaxCircle];
  const uint32_t length = findCircle(graph, 0, scratch, indexes);
  for (uint32_t i = 0; i < length; i++)
    circle[i] = {members[indexes[i]], waitNumber(members[indexes[i]]), nullptr};
  return length;
}

ThreadState *ownerOfWanted(const ThreadState *t) {
  const auto *m = reinterpret_cast<const pthread_mutex_t *>(t->slot->address);
  return threadOfTid(uint32_t(__atomic_load_n(&m->__data.__owner, __ATOMIC_RELAXED)));
}

/// The usual case, in a few loads: it waits for a mutex, whose owner does not wait.
bool mutexOwnerRuns(const ThreadState *t) {
  if (!isMutex(t->slot->kind))
    return false;
  const ThreadState *owner = ownerOfWanted(t);
  return owner && !isBlocked(owner);
}

/// The owner of the mutex that `t` wants has not published a wait, but the last lock on its stack is one that
/// `t` itself holds: it slipped through between its look at that lock and the real call, and is blocked
/// there.
uint32_t findUnlisted(ThreadState *t, Seen circle[kMaxCircle]) {
  ThreadState *owner = ownerOfWanted(t);
  if (!owner || owner == t || (waitNumber(owner) & 1))
    return 0;
  struct Search {
    ThreadState *owner;
    HeldEntry *top;
  } search = {owner, nullptr};
  forEachThread( // so that its TLS is not taken away while it is read
      [](ThreadState *candidate, void *data) {
        auto *s = static_cast<Search *>(data);
        if (candidate != s->owner)
          return true;
        s->top = candidate->top();
        return false;
      },
      &search);
  if (!search.top || search.top == owner->bottom())
    return 0;
  const HeldEntry *mine = findHeld(t, search.top->address);
  if (!mine || mine->state & kHeldShared)
    return 0;
  circle[0] = {t, waitNumber(t), nullptr};
  circle[1] = {owner, waitNumber(owner), search.top};
  return 2;
}

/// The waits are still the same.
bool unchanged(const Seen *circle, uint32_t length) {
  for (uint32_t i = 0; i < length; i++) {
    const Seen &s = circle[i];
    if (waitNumber(s.thread) != s.number)
      return false;
    if (s.unlisted && !(s.thread->heldTop && s.thread->top() == s.unlisted))
      return false;
  }
  return true;
}

/// ... and nobody has posted meanwhile what the circle waits for: a semaphore that was taken for a lock may
/// be given back by somebody else, while the thread that looks has not begun to wait.
bool stillCloses(const Seen *circle, uint32_t length) {
  for (uint32_t i = 0; i < length; i++)
    if (!circle[(i + 1) % length].unlisted && !circle[i].unlisted &&
        !keepsWaiting(circle[i].thread, circle[(i + 1) % length].thread))
      return false;
  return true;
}

/// Python's plain locks belong to nobody: who asks for a second time may well wait for another thread's
/// release. A `with` statement gives back what it takes, so there a lock is meant; otherwise only the stall
/// of the whole process tells.
bool mayAwaitSignal(const ThreadState *t) {
  PythonFrame frame;
  return t->slot->kind == ObjectKind::Semaphore && !(pythonFrames(&frame, 1) && pythonIsWith(frame));
}

// ---------------------------------------------------------------------------------------------------------------

uint32_t heldCount(const Seen &s) {
  HeldEntry *top = s.unlisted ? s.unlisted - 1 : s.thread->blockedTop;
  return uint32_t(top - s.thread->bottom());
}

Ref contextOfEntry(const HeldEntry *e) {
  return e->node ? static_cast<const NodeRecord *>(traceFile.at(e->node))->context : contextOf(e->site);
}

char *writeParticipant(char *at, const Seen &s) {
  auto *p = reinterpret_cast<DeadlockParticipant *>(at);
  const WaitSlot &slot = *s.thread->slot;
  p->thread = s.thread->index;
  p->tid = s.thread->tid;
  p->held = heldCount(s);
  if (s.unlisted) {
    p->kind = kindOf(s.unlisted);
    p->object = lockOf(s.unlisted);
    p->context = contextOfEntry(s.unlisted);
    p->address = reinterpret_cast<uintptr_t>(s.unlisted->address);
  } else {
    p->kind = slot.kind;
    p->mode = slot.mode;
    p->flags = slot.flags;
    p->object = slot.object;
    p->peer = slot.peer;
    p->context = slot.context;
    p->address = slot.address;
  }
  auto *held = reinterpret_cast<DeadlockHeld *>(p + 1);
  for (uint32_t i = 0; i < p->held; i++) {
    const HeldEntry *e = s.thread->bottom() + 1 + i;
    held[i].lock = lockOf(e);
    held[i].context = contextOfEntry(e);
    held[i].mode = e->state & kHeldShared ? Mode::Shared : Mode::Exclusive;
  }
  return reinterpret_cast<char *>(held + p->held);
}

void writeDeadlock(DeadlockKind kind, const Seen *participants, uint32_t count) {
  size_t size = 0;
  for (uint32_t i = 0; i < count; i++) {
    const size_t more = sizeof(DeadlockParticipant) + heldCount(participants[i]) * sizeof(DeadlockHeld);
    if (size + more > kChunkSize / 2) { // the first ones tell enough
      count = i;
      break;
    }
    size += more;
  }
  auto *r = reserveRecord<DeadlockRecord>(0, size, true);
  if (r) {
    r->participants = count;
    r->time = monotonicNow();
    char *at = reinterpret_cast<char *>(r + 1);
    for (uint32_t i = 0; i < count; i++)
      at = writeParticipant(at, participants[i]);
    TraceFile::commit(r, RecordKind::Deadlock, uint8_t(kind));
  }
  FileHeader &h = traceFile.header();
  __atomic_fetch_add(&h.deadlocks, 1, __ATOMIC_RELEASE);
  __atomic_fetch_add(&h.wake, 1, __ATOMIC_RELEASE);
  futexWakeShared(&h.wake, INT32_MAX);
}

void tell(DeadlockKind kind, const Seen *participants, uint32_t count) {
  if (!options.notices || options.watched) // the parent says more
    return;
  Line line;
  line.text(kind == DeadlockKind::Stall ? "gordian: deadlock: all threads wait and nothing can wake one:"
                                        : "gordian: deadlock:");
  for (uint32_t i = 0; i < count && i < 8; i++) {
    const Seen &s = participants[i];
    line.text(i ? "; thread " : " thread ").decimal(s.thread->index).text(" (tid ").decimal(s.thread->tid);
    line.text(") waits for ");
    if (!s.unlisted && s.thread->slot->kind == ObjectKind::Thread)
      line.text("thread ").decimal(s.thread->slot->peer);
    else
      line.text("0x").hex(s.unlisted ? reinterpret_cast<uintptr_t>(s.unlisted->address)
                                     : s.thread->slot->address);
  }
  if (count > 8)
    line.text("; ").decimal(count - 8).text(" more");
  line.text(". Run: gordian report ").text(traceFile.path()).print();
}

} // namespace

bool checkCircle(const Recording &r) {
  ThreadState *t = r.thread();
  // Nobody can wait for a thread that holds nothing, except by joining it.
  if (t->blockedTop == t->bottom() && !__atomic_load_n(&joinsWaiting, __ATOMIC_RELAXED))
    return false;
  Seen circle[kMaxCircle];
  uint32_t length = 0;
  if (mutexOwnerRuns(t)) {
    length = findUnlisted(t, circle);
  } else {
    Locked locked(checkLock);
    if (!locked || !prepareBuffers())
      return false;
    length = findCircleOf(t, circle);
  }
  if (length == 0 || (length == 1 && mayAwaitSignal(t)))
    return false;
  sleepFor(kConfirmCircle);
  if (!unchanged(circle, length) || !stillCloses(circle, length))
    return false;
  const DeadlockKind kind = length == 1 ? DeadlockKind::Self : DeadlockKind::Cycle;
  writeDeadlock(kind, circle, length);
  tell(kind, circle, length);
  return true;
}

namespace {

bool isEnding(ThreadIndex index) {
  for (uint32_t i = 0; i < threadSlots(); i++)
    if (const ThreadState *t = threadInSlot(i); t && t->index == index)
      return __atomic_load_n(&t->ending, __ATOMIC_SEQ_CST);
  return false;
}

/// Nobody is there but the `expected` threads. One that has just ended may still be on its way out of the
/// kernel; threads that no hook knows stay, and are not waited for again.
bool nobodyElse(uint32_t expected) {
  static uint32_t strangers = 0;
  for (uint64_t waited = 0;; waited += kLeaveStep) {
    const uint32_t there = kernelThreads();
    if (there <= expected) // fewer: one that was ending is gone
      return true;
    if (there - expected == __atomic_load_n(&strangers, __ATOMIC_RELAXED))
      return false;
    if (waited >= kLeave) {
      __atomic_store_n(&strangers, there - expected, __ATOMIC_RELAXED);
      return false;
    }
    sleepFor(kLeaveStep);
  }
}

/// How many threads wait, and how (`seen` may be null); 0: somebody does not, or could go on. `ending`: how
/// many others are about to be gone.
uint32_t collectStalled(const ThreadState *caller, Seen *seen, uint32_t room, uint32_t &ending) {
  uint32_t count = 0;
  ending = 0;
  for (uint32_t i = 0; i < threadSlots(); i++) {
    ThreadState *t = threadInSlot(i);
    if (!t)
      continue;
    if (__atomic_load_n(&t->ending, __ATOMIC_SEQ_CST)) {
      ending++;
      continue;
    }
    const uint32_t number = waitNumber(t);
    if (!isBlocked(t) || count == room || canGoOn(t, caller))
      return 0;
    // A join on a thread that is about to end will return.
    if (t->slot->kind == ObjectKind::Thread && isEnding(t->slot->peer))
      return 0;
    if (seen)
      seen[count] = {t, number, nullptr};
    count++;
  }
  return count;
}

} // namespace

void checkStall(const Recording &r, uint32_t waiting) {
  const ThreadState *caller = r.thread();
  uint32_t ending = 0;
  if (__atomic_load_n(&traceFile.header().deadlocks, __ATOMIC_RELAXED) > 0)
    return; // the rest hangs because of that one
  // Threads that hand work to each other come here at every turn: one look without memory first.
  if (!collectStalled(caller, nullptr, kMaxStalled, ending))
    return;
  auto *seen = static_cast<Seen *>(mapMemory(kMaxStalled * sizeof(Seen)));
  if (!seen)
    return;
  const uint32_t count = collectStalled(caller, seen, kMaxStalled, ending);
  bool stalled = count > 0 && count == waiting && __atomic_load_n(&threadsStarting, __ATOMIC_ACQUIRE) == 0 &&
                 nobodyElse(count + ending) && !outsiderCanWake();
  for (uint64_t waited = 0; stalled && waited < kConfirmStall; waited += kStallStep) {
    sleepFor(kStallStep);
    stalled = unchanged(seen, count);
  }
  for (uint32_t i = 0; i < count && stalled; i++)
    stalled = !canGoOn(seen[i].thread, caller);
  if (stalled) {
    writeDeadlock(DeadlockKind::Stall, seen, count);
    tell(DeadlockKind::Stall, seen, count);
  }
  unmapMemory(seen, kMaxStalled * sizeof(Seen));
}

} // namespace gordian::runtime
