// SPDX-License-Identifier: MIT
//
// Time limits become moments on CLOCK_MONOTONIC, so that a wait that is woken early does not wait longer in
// all.
#include "gordian/timeout.h"
#include "gordian/errors.h"

#include <cmath>

namespace gordian {

namespace {

constexpr double kLongest = 9223372036.0; // threading.TIMEOUT_MAX
constexpr long kNanoseconds = 1000000000;

timespec now() {
  timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t;
}

} // namespace

bool detail::Deadline::passed() const {
  if (never)
    return false;
  const timespec t = now();
  return t.tv_sec > at.tv_sec || (t.tv_sec == at.tv_sec && t.tv_nsec >= at.tv_nsec);
}

detail::Deadline Timeout::deadline() const {
  detail::Deadline deadline;
  if (!given_)
    return deadline;
  if (std::isnan(seconds_))
    throw ValueError("Invalid value NaN (not a number)");
  if (seconds_ > kLongest)
    throw OverflowError("timeout value is too large");
  deadline.never = false;
  deadline.at = now();
  if (seconds_ <= 0)
    return deadline;
  const double whole = std::floor(seconds_);
  deadline.at.tv_sec += time_t(whole);
  deadline.at.tv_nsec += long((seconds_ - whole) * kNanoseconds);
  if (deadline.at.tv_nsec >= kNanoseconds) {
    deadline.at.tv_nsec -= kNanoseconds;
    deadline.at.tv_sec++;
  }
  return deadline;
}

} // namespace gordian
