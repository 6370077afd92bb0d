// SPDX-License-Identifier: MIT
#include "gordian/condition.h"
#include "sync/report.h"

#include <mutex>

namespace gordian {

Condition::Condition() : own_(new RLock), rlock_(own_.get()) {}
Condition::Condition(Lock &lock) : lock_(&lock) {}
Condition::Condition(RLock &lock) : rlock_(&lock) {}
Condition::~Condition() {
  report::destroyed(this);
}

bool Condition::acquire(bool blocking, Timeout timeout, Place place) {
  return lock_ ? lock_->acquire(blocking, timeout, place) : rlock_->acquire(blocking, timeout, place);
}
void Condition::release(Place place) {
  lock_ ? lock_->release(place) : rlock_->release(place);
}
bool Condition::isOwned() const {
  return lock_ ? lock_->isOwned() : rlock_->isOwned();
}
int Condition::releaseAll(Place place) {
  return lock_ ? lock_->releaseAll(place) : rlock_->releaseAll(place);
}
void Condition::acquireAgain(int levels, Place place) {
  lock_ ? lock_->acquireAgain(levels, place) : rlock_->acquireAgain(levels, place);
}
const void *Condition::lockAddress() const {
  return lock_ ? static_cast<const void *>(lock_) : rlock_;
}

bool Condition::wait(Timeout timeout, Place place) {
  if (!isOwned())
    throw RuntimeError("cannot wait on un-acquired lock");
  return waitUntil(timeout.deadline(), place);
}

bool Condition::waitUntil(const detail::Deadline &deadline, Place place) {
  if (!isOwned())
    throw RuntimeError("cannot wait on un-acquired lock");
  detail::Waiter self;
  bool woken;
  int levels;
  {
    report::Wait waiting(this, GORDIAN_CONDITION, lockAddress(), deadline.never ? 0 : GORDIAN_TIMED, place);
    {
      std::lock_guard guard(guard_);
      waiters_.add(self);
    }
    levels = releaseAll(place);
    woken = self.sleep(deadline);
    if (!woken) {
      std::lock_guard guard(guard_);
      woken = !waiters_.remove(self);
    }
    waiting.ended(woken);
  }
  acquireAgain(levels, place);
  return woken;
}

void Condition::wake(size_t count, bool all, Place place) {
  if (!isOwned())
    throw RuntimeError("cannot notify on un-acquired lock");
  report::notified(this, GORDIAN_CONDITION, all, place);
  std::lock_guard guard(guard_);
  waiters_.wake(count);
}

void Condition::notify(long n, Place place) {
  wake(n > 0 ? size_t(n) : 0, n > 1, place);
}

void Condition::notify_all(Place place) {
  wake(SIZE_MAX, true, place);
}

} // namespace gordian
