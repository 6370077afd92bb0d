// SPDX-License-Identifier: MIT
#include "predict/engine.h"

#include "predict/feasible.h"

#include <new>

namespace gordian::predict {

bool Engine::init(const Limits &limits) {
  limits_ = limits;
  threads_ = reserveArray<Thread>(kMaxThreads);
  locks_ = reserveArray<Lock>(limits.locks);
  searchMemory_ = reserveArray<uint32_t>(2 * kMaxThreads);
  on_.store(threads_ && locks_ && searchMemory_, std::memory_order_release);
  return on();
}

Thread *Engine::start(Thread *creator) {
  unsigned index = threadCount_.load(std::memory_order_relaxed);
  do {
    if (index >= kMaxThreads) {
      off();
      return nullptr;
    }
  } while (!threadCount_.compare_exchange_weak(index, index + 1, std::memory_order_acq_rel));
  Thread *thread = new (&threads_[index]) Thread;
  thread->tid = Tid(index);
  thread->now_ = reserveArray<uint32_t>(2 * kMaxThreads);
  thread->scratch_ = thread->now_ + kMaxThreads;
  if (!thread->now_ || !thread->history.init(limits_.segmentBits, limits_.clockBits)) {
    off();
    return nullptr;
  }
  begin(*thread, {});
  running_.fetch_add(1, std::memory_order_relaxed);
  if (creator) {
    order(*thread, {creator->tid, creator->segment()});
    begin(*creator, {}); // what it does from here on is not before the new thread
  }
  return thread;
}

void Engine::join(Thread &waiter, Tid ended, bool known) {
  begin(waiter, {});
  order(waiter, {ended, threads_[ended].segment()});
  if (known)
    running_.fetch_sub(1, std::memory_order_relaxed);
}

void Engine::begin(Thread &thread, const Operation &op) {
  touch(thread);
  SpinGuard guard(thread.history.mutex);
  if (thread.history.begin(op) == ~Segment(0))
    off();
}

void Engine::beginFresh(Thread &thread) {
  begin(thread, {});
  thread.fresh_ = true;
}

// ---------------------------------------------------------------------------------------------------------------
// Clocks

/// What lies too far back is taken for all that the thread has seen since.
void Engine::readClock(Thread &from, Segment segment, uint32_t *out, uint32_t &width) {
  SpinGuard guard(from.history.mutex);
  const uint32_t *clock = nullptr;
  if (!from.history.clockOf(segment, clock, width)) {
    clock = from.now_;
    width = from.width_;
  }
  for (uint32_t i = 0; i < width; i++)
    out[i] = clock[i];
  for (; width <= from.tid; width++)
    out[width] = 0;
  out[from.tid] = segment;
}

bool Engine::raiseClock(Thread &thread, const uint32_t *clock, uint32_t width) {
  SpinGuard guard(thread.history.mutex);
  bool raised = false;
  for (uint32_t i = 0; i < width; i++)
    if (i != thread.tid && clock[i] > thread.now_[i]) {
      thread.now_[i] = clock[i];
      raised = true;
    }
  if (raised) {
    touch(thread);
    if (thread.width_ < width)
      thread.width_ = width;
    thread.history.setClock(thread.now_, thread.width_);
  }
  return raised;
}

void Engine::order(Thread &thread, Point point) {
  if (ordered(thread, point))
    return;
  uint32_t width = 0;
  readClock(threads_[point.thread], point.segment, thread.scratch_, width);
  raiseClock(thread, thread.scratch_, width);
}

void Engine::send(Thread &thread, SyncClock &clock) {
  // In a fresh segment there is nothing to send but what the one before it was.
  const Segment upTo = thread.segment() - (thread.fresh_ ? 1 : 0);
  {
    SpinGuard guard(clock.mutex);
    if (thread.fresh_ && thread.tid < clock.width && clock.components[thread.tid] >= upTo)
      return;
    bool done = clock.raise(thread.tid, upTo, pool_);
    for (uint32_t i = 0; i < thread.width_ && done; i++)
      if (thread.now_[i])
        done = clock.raise(i, thread.now_[i], pool_);
    if (!done)
      off();
  }
  if (!thread.fresh_)
    beginFresh(thread);
}

/// The clock, in the thread's scratch memory; does it say anything that the thread's own does not?
bool Engine::readNews(Thread &thread, SyncClock &clock, uint32_t &width) {
  SpinGuard guard(clock.mutex);
  bool news = false;
  width = clock.width;
  for (uint32_t i = 0; i < width; i++) {
    thread.scratch_[i] = clock.components[i];
    news |= i != thread.tid && clock.components[i] > thread.now_[i];
  }
  return news;
}

void Engine::receive(Thread &thread, SyncClock &clock) {
  uint32_t width = 0;
  if (!readNews(thread, clock, width))
    return;
  begin(thread, {}); // what it did before is not after the senders
  raiseClock(thread, thread.scratch_, width);
}

void Engine::orderAfter(Thread &thread, SyncClock &clock) {
  uint32_t width = 0;
  if (readNews(thread, clock, width))
    raiseClock(thread, thread.scratch_, width);
}

// ---------------------------------------------------------------------------------------------------------------
// Locks

LockId Engine::newLock() {
  const uint32_t id = lockCount_.fetch_add(1, std::memory_order_relaxed) + 1;
  if (id < limits_.locks)
    return id;
  off();
  return 0;
}

LiveLock *Engine::findLive(Thread &thread, LockId lock) {
  for (unsigned i = thread.liveCount_; i-- > 0;)
    if (thread.live_[i].lock == lock)
      return &thread.live_[i];
  return nullptr;
}

bool Engine::noteLatest(Lock &lock, Tid thread, Segment segment, Segment &previous) {
  SpinGuard guard(lock.mutex);
  for (uint32_t i = 0; i < lock.threads; i++)
    if (lock.latest[2 * i] == thread) {
      previous = lock.latest[2 * i + 1];
      lock.latest[2 * i + 1] = segment;
      return true;
    }
  if (2 * (lock.threads + 1) > lock.room) {
    uint32_t room = 2 * (lock.threads + 1);
    uint32_t *wider = pool_.take(room);
    if (!wider)
      return false;
    for (uint32_t i = 0; i < 2 * lock.threads; i++)
      wider[i] = lock.latest[i];
    if (lock.latest)
      pool_.giveBack(lock.latest, lock.room);
    lock.latest = wider;
    lock.room = room;
  }
  lock.latest[2 * lock.threads] = thread;
  lock.latest[2 * lock.threads + 1] = segment;
  lock.threads++;
  previous = 0;
  return true;
}

Segment Engine::latest(Lock &lock, Tid thread) {
  SpinGuard guard(lock.mutex);
  for (uint32_t i = 0; i < lock.threads; i++)
    if (lock.latest[2 * i] == thread)
      return lock.latest[2 * i + 1];
  return 0;
}

void Engine::acquire(Thread &thread, LockId id, bool shared) {
  if (LiveLock *live = findLive(thread, id)) {
    live->levels++;
    return;
  }
  if (thread.liveCount_ == kMaxHeld)
    return off();
  Lock &lock = locks_[id];
  receive(thread, lock.opaque);
  Operation op;
  op.lock = id;
  op.acquire = true;
  op.shared = shared;
  op.order = lock.acquisitions.fetch_add(1, std::memory_order_relaxed) + 1;
  if (!noteLatest(lock, thread.tid, thread.segment() + 1, op.previous))
    return off();
  begin(thread, op);
  {
    SpinGuard guard(thread.history.mutex);
    thread.history.pushHeld(id, shared);
  }
  thread.live_[thread.liveCount_++] = {id, thread.segment(), 1, shared, false};
}

void Engine::release(Thread &thread, LockId id) {
  LiveLock *live = findLive(thread, id);
  if (!live) // another thread's: then it is no lock but a signal, and orders what it is not seen to order
    return off();
  if (--live->levels > 0)
    return;
  if (live->opaque)
    send(thread, locks_[id].opaque);
  Operation op;
  op.lock = id;
  op.shared = live->shared;
  const Segment acquired = live->acquired;
  *live = thread.live_[--thread.liveCount_];
  begin(thread, op);
  SpinGuard guard(thread.history.mutex);
  if (thread.history.knows(acquired))
    thread.history.at(acquired).released = thread.segment();
  if (!thread.history.dropHeld(acquired))
    off();
}

void Engine::opaque(Thread &thread) {
  for (unsigned i = 0; i < thread.liveCount_; i++) {
    LiveLock &live = thread.live_[i];
    if (live.opaque && !live.shared) // nobody was in since
      continue;
    live.opaque = true;
    // What earlier critical sections wrote, this code may read.
    Lock &lock = locks_[live.lock];
    for (uint32_t k = 0;; k++) {
      Point last;
      {
        SpinGuard guard(lock.mutex);
        if (k >= lock.threads)
          break;
        last = {Tid(lock.latest[2 * k]), lock.latest[2 * k + 1]};
      }
      if (last.thread == thread.tid)
        continue;
      {
        History &history = threads_[last.thread].history;
        SpinGuard guard(history.mutex);
        if (history.knows(last.segment) && history.at(last.segment).released > last.segment)
          last.segment = history.at(last.segment).released - 1;
      }
      order(thread, last);
    }
  }
}

// ---------------------------------------------------------------------------------------------------------------
// The questions

bool Engine::exclusive(Point point, const Thread &thread) {
  History &history = threads_[point.thread].history;
  SpinGuard guard(history.mutex);
  if (!history.knows(point.segment))
    return true;
  for (uint32_t number = history.at(point.segment).held; number;) {
    const HeldLock *held = history.held(number);
    if (!held)
      return true;
    for (unsigned i = 0; i < thread.liveCount_; i++)
      if (thread.live_[i].lock == held->lock && !(thread.live_[i].shared && held->shared))
        return true;
    number = held->next;
  }
  return false;
}

bool Engine::feasible(Point point, Thread &thread) {
  SpinGuard guard(searching_);
  return on() && Prefix(*this, point, {thread.tid, thread.segment()}).find();
}

} // namespace gordian::predict
