// SPDX-License-Identifier: MIT
//
// Semaphore and BoundedSemaphore, with the semantics of Python's threading. acquire takes a unit, waiting for
// one if it may; release(n) gives n back and wakes as many waiters; a BoundedSemaphore refuses (ValueError)
// to hold more units than it began with. Unlike the locks', a time limit of zero or less means "do not wait",
// and one given to a call that does not block is a ValueError.
#ifndef GORDIAN_SEMAPHORE_H
#define GORDIAN_SEMAPHORE_H

#include "gordian/lock.h"

namespace gordian {

class Semaphore : public StandardLockable<Semaphore> {
public:
  explicit Semaphore(long value = 1, const char *name = nullptr);
  ~Semaphore();
  Semaphore(const Semaphore &) = delete;
  Semaphore &operator=(const Semaphore &) = delete;

  bool acquire(bool blocking = true, Timeout timeout = {}, Place place = Place::current());
  void release(long n = 1, Place place = Place::current());
  void unlock(Place place = Place::current()) { release(1, place); }

protected:
  Semaphore(long value, long limit, const char *name);

private:
  detail::Monitor monitor_;
  detail::WaitList waiters_;
  long value_;
  const long limit_;
};

class BoundedSemaphore : public Semaphore {
public:
  explicit BoundedSemaphore(long value = 1, const char *name = nullptr) : Semaphore(value, value, name) {}
};

} // namespace gordian

#endif
