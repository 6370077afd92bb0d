// SPDX-License-Identifier: MIT
//
// The state machine of Lib/threading.py. Filling: threads come and wait.
// Draining: all have met and are leaving; nobody enters until the last is out.
// Resetting: the same, but they leave with BrokenBarrierError. Broken:
// everybody gets that error until reset().
#include "gordian/barrier.h"
#include "sync/report.h"

#include <mutex>

namespace gordian {

Barrier::Barrier(long parties, std::function<void()> action, Timeout timeout)
    : parties_(parties), action_(std::move(action)), timeout_(timeout) {
  if (parties < 1)
    throw ValueError("parties must be >= 1");
}

Barrier::~Barrier() {
  report::destroyed(this);
}

long Barrier::n_waiting() const {
  return state() == State::Filling ? count_.load(std::memory_order_relaxed) : 0;
}

long Barrier::wait(Timeout timeout, Place place) {
  const Timeout limit = timeout.given() ? timeout : timeout_;
  const detail::Deadline deadline = limit.deadline();
  report::notified(this, GORDIAN_EVENT, true,
                   place); // whoever leaves has waited for each who came
  std::lock_guard guard(monitor_);
  enter();
  const long index = count_.fetch_add(1, std::memory_order_relaxed);
  struct Leave {
    Barrier &barrier;
    ~Leave() { barrier.leave(); }
  } leaving{*this};
  const bool last = index + 1 == parties_;
  report::Wait waiting(this, GORDIAN_EVENT, nullptr, report::waitFlags(!last, limit), place);
  meet(deadline, last);
  waiting.ended(true);
  return index;
}

void Barrier::enter() {
  while (state() == State::Draining || state() == State::Resetting)
    monitor_.wait(waiters_, detail::Deadline());
  if (state() == State::Broken)
    throw BrokenBarrierError();
}

void Barrier::meet(const detail::Deadline &deadline, bool last) {
  if (last) {
    try {
      if (action_)
        action_();
    } catch (...) {
      breakUp();
      throw;
    }
    become(State::Draining);
    waiters_.wake(SIZE_MAX);
    return;
  }
  while (state() == State::Filling && !deadline.passed())
    monitor_.wait(waiters_, deadline);
  if (state() == State::Filling)
    breakUp();
  if (state() != State::Draining)
    throw BrokenBarrierError();
}

void Barrier::leave() {
  if (count_.fetch_sub(1, std::memory_order_relaxed) != 1)
    return;
  if (state() == State::Draining || state() == State::Resetting) {
    become(State::Filling);
    waiters_.wake(SIZE_MAX);
  }
}

void Barrier::breakUp() {
  become(State::Broken);
  waiters_.wake(SIZE_MAX);
}

void Barrier::reset() {
  std::lock_guard guard(monitor_);
  if (count_.load(std::memory_order_relaxed) == 0)
    become(State::Filling);
  else if (state() == State::Filling || state() == State::Broken)
    become(State::Resetting);
  waiters_.wake(SIZE_MAX);
}

void Barrier::abort() {
  std::lock_guard guard(monitor_);
  breakUp();
}

} // namespace gordian
