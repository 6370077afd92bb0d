// SPDX-License-Identifier: MIT
//
// What the primitives throw: one class for each exception that Python's `threading` and `queue` raise in the
// same place, with the same text. They derive from the standard exception that a C++ reader would expect.
#ifndef GORDIAN_ERRORS_H
#define GORDIAN_ERRORS_H

#include <exception>
#include <stdexcept>

namespace gordian {

/// Use that is wrong in the state the object is in: release of an unlocked lock, notify without the lock.
class RuntimeError : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

/// An argument that is never right: a negative time limit, a time limit for a call that does not block.
class ValueError : public std::invalid_argument {
public:
  using std::invalid_argument::invalid_argument;
};

/// A time limit of more than 292 years.
class OverflowError : public std::overflow_error {
public:
  using std::overflow_error::overflow_error;
};

/// The barrier was reset or aborted while waiting for it, or is broken.
class BrokenBarrierError : public RuntimeError {
public:
  BrokenBarrierError() : RuntimeError("the barrier is broken") {}
};

/// Nothing could be taken from the queue (in the time given).
class Empty : public std::exception {
public:
  const char *what() const noexcept override { return "the queue is empty"; }
};

/// Nothing could be put into the queue (in the time given).
class Full : public std::exception {
public:
  const char *what() const noexcept override { return "the queue is full"; }
};

/// The queue was shut down (Python 3.13).
class ShutDown : public std::exception {
public:
  const char *what() const noexcept override { return "the queue is shut down"; }
};

} // namespace gordian

#endif
