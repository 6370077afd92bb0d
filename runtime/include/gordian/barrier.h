// SPDX-License-Identifier: MIT
//
// Barrier, with the semantics of Python's threading.Barrier: `parties` threads meet in wait(), the last one
// runs the action (under the barrier, as in Python: it must not use the barrier), then all go on, each with
// another index from 0. A time limit that ends, abort(), or an action that throws breaks the barrier:
// everybody waiting, and everybody who comes until reset(), gets BrokenBarrierError. reset() gives it to
// those who wait at that moment only.
#ifndef GORDIAN_BARRIER_H
#define GORDIAN_BARRIER_H

#include "gordian/lock.h"

#include <functional>

namespace gordian {

class Barrier {
public:
  /// `timeout` is what wait() uses where it is given none.
  explicit Barrier(long parties, std::function<void()> action = {}, Timeout timeout = {});
  ~Barrier();
  Barrier(const Barrier &) = delete;
  Barrier &operator=(const Barrier &) = delete;

  long wait(Timeout timeout = {}, Place place = Place::current());
  void reset();
  void abort();

  long parties() const { return parties_; }
  long n_waiting() const;
  bool broken() const { return state_.load(std::memory_order_relaxed) == State::Broken; }

private:
  enum class State { Filling, Draining, Resetting, Broken };

  void enter();
  void meet(const detail::Deadline &deadline, bool last);
  void leave();
  void breakUp();
  State state() const { return state_.load(std::memory_order_relaxed); }
  void become(State next) { state_.store(next, std::memory_order_relaxed); }

  const long parties_;
  const std::function<void()> action_;
  const Timeout timeout_;
  detail::Monitor monitor_;
  detail::WaitList waiters_;
  std::atomic<State> state_{State::Filling}; // written under the monitor, as is count_
  std::atomic<long> count_{0};
};

} // namespace gordian

#endif
