// SPDX-License-Identifier: MIT
//
// A time limit as Python's `threading` takes it: none, or a number of seconds (a double, or any std::chrono
// duration). Zero or less means "do not wait"; the locks, whose Python originals use -1 for "no limit" and
// refuse other negative numbers, do the same here.
#ifndef GORDIAN_TIMEOUT_H
#define GORDIAN_TIMEOUT_H

#include <chrono>
#include <ctime>
#include <optional>

namespace gordian {

namespace detail {

/// A moment on CLOCK_MONOTONIC, or never.
struct Deadline {
  bool never = true;
  timespec at{};

  bool passed() const;
};

} // namespace detail

class Timeout {
public:
  /// No limit.
  constexpr Timeout() = default;
  constexpr Timeout(std::nullopt_t) {}
  constexpr Timeout(double seconds) : seconds_(seconds), given_(true) {}
  template <class Rep, class Period>
  constexpr Timeout(std::chrono::duration<Rep, Period> limit)
      : seconds_(std::chrono::duration<double>(limit).count()), given_(true) {}

  constexpr bool given() const { return given_; }
  constexpr double seconds() const { return seconds_; }

  /// The moment at which the limit ends, counted from now. Throws ValueError for not-a-number, OverflowError
  /// for more than Python's TIMEOUT_MAX.
  detail::Deadline deadline() const;

private:
  double seconds_ = 0;
  bool given_ = false;
};

} // namespace gordian

#endif
