// SPDX-License-Identifier: MIT
#include "gordian/semaphore.h"
#include "sync/report.h"

#include <climits>
#include <mutex>

namespace gordian {

Semaphore::Semaphore(long value, const char *name) : Semaphore(value, LONG_MAX, name) {}

Semaphore::Semaphore(long value, long limit, const char *name) : value_(value), limit_(limit) {
  if (value < 0)
    throw ValueError("semaphore initial value must be >= 0");
  if (name)
    report::created(this, GORDIAN_SEMAPHORE, name);
}

Semaphore::~Semaphore() {
  report::destroyed(this);
}

bool Semaphore::acquire(bool blocking, Timeout timeout, Place place) {
  if (!blocking && timeout.given())
    throw ValueError("can't specify timeout for non-blocking acquire");
  const detail::Deadline deadline = timeout.deadline();
  std::lock_guard guard(monitor_);
  report::Wait waiting(this, GORDIAN_SEMAPHORE, nullptr, report::waitFlags(blocking && value_ == 0, timeout),
                       place);
  while (value_ == 0) {
    // A wake does not hand over the unit: somebody who comes just now may take
    // it first, as in Python.
    if (!blocking || (!monitor_.wait(waiters_, deadline) && value_ == 0))
      return false;
  }
  value_--;
  return waiting.ended(true);
}

void Semaphore::release(long n, Place place) {
  if (n < 1)
    throw ValueError("n must be one or more");
  std::lock_guard guard(monitor_);
  if (n > limit_ - value_)
    throw ValueError("Semaphore released too many times");
  report::notified(this, GORDIAN_SEMAPHORE, n > 1, place);
  value_ += n;
  waiters_.wake(size_t(n));
}

} // namespace gordian
