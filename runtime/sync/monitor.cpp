// SPDX-License-Identifier: MIT
#include "gordian/detail/monitor.h"
#include "sync/futex.h"
#include "sync/tsan.h"

namespace gordian::detail {

bool FutexLock::lockSlow(const Deadline &deadline) {
  // Whoever has slept takes the lock as "held, somebody may be waiting": it cannot know that nobody else
  // sleeps.
  while (word_.exchange(2, std::memory_order_acquire) != 0)
    if (!futex::wait(word_, 2, deadline))
      return false;
  return true;
}

void FutexLock::wakeOne() {
  futex::wake(word_, 1);
}

bool FutexLock::unlockIfHeld() {
  const uint32_t old = word_.exchange(0, std::memory_order_release);
  if (old == 2)
    wakeOne();
  return old != 0;
}

bool Waiter::sleep(const Deadline &deadline) {
  while (woken.load(std::memory_order_acquire) == 0)
    if (!futex::wait(woken, 0, deadline))
      return woken.load(std::memory_order_acquire) != 0;
  return true;
}

void WaitList::add(Waiter &waiter) {
  waiter.previous = last_;
  (last_ ? last_->next : first_) = &waiter;
  last_ = &waiter;
}

void WaitList::unlink(Waiter &waiter) {
  (waiter.previous ? waiter.previous->next : first_) = waiter.next;
  (waiter.next ? waiter.next->previous : last_) = waiter.previous;
}

bool WaitList::remove(Waiter &waiter) {
  if (waiter.woken.load(std::memory_order_relaxed) != 0)
    return false;
  unlink(waiter);
  return true;
}

size_t WaitList::wake(size_t count) {
  size_t woken = 0;
  for (; woken < count && first_; woken++) {
    Waiter &waiter = *first_;
    unlink(waiter);
    // From the store on, the waiter may be gone from its stack; waking a stale address wakes nobody.
    waiter.woken.store(1, std::memory_order_release);
    futex::wake(waiter.woken, 1);
  }
  return woken;
}

void Monitor::lock() {
  mutex_.lock();
  tsan::acquire(this);
}

void Monitor::unlock() {
  tsan::release(this);
  mutex_.unlock();
}

bool Monitor::wait(WaitList &list, const Deadline &deadline) {
  Waiter self;
  list.add(self);
  unlock();
  bool woken = self.sleep(deadline);
  lock();
  if (!woken)
    woken = !list.remove(self);
  return woken;
}

} // namespace gordian::detail
