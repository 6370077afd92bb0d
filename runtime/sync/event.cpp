// SPDX-License-Identifier: MIT
#include "gordian/event.h"
#include "sync/report.h"
#include "sync/tsan.h"

#include <mutex>

namespace gordian {

Event::Event(const char *name) {
  report::created(this, GORDIAN_EVENT, name);
}

Event::~Event() {
  report::destroyed(this);
}

bool Event::is_set() const {
  if (!flag_.load(std::memory_order_acquire))
    return false;
  tsan::acquire(&monitor_);
  report::observed(this);
  return true;
}

void Event::set(Place place) {
  report::notified(this, GORDIAN_EVENT, true, place);
  std::lock_guard guard(monitor_);
  tsan::release(&monitor_); // before the store: is_set does not take the monitor
  flag_.store(true, std::memory_order_release);
  waiters_.wake(SIZE_MAX);
}

void Event::clear() {
  std::lock_guard guard(monitor_);
  flag_.store(false, std::memory_order_relaxed);
}

bool Event::wait(Timeout timeout, Place place) {
  const detail::Deadline deadline = timeout.deadline();
  std::lock_guard guard(monitor_);
  const bool ready = flag_.load(std::memory_order_relaxed);
  report::Wait waiting(this, GORDIAN_EVENT, nullptr, report::waitFlags(!ready, timeout), place);
  return waiting.ended(ready || monitor_.wait(waiters_, deadline));
}

} // namespace gordian
