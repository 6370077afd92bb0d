// SPDX-License-Identifier: MIT
#include "gordian/lock.h"
#include "sync/report.h"
#include "sync/tsan.h"

namespace gordian {

namespace {

thread_local char mark; // its address stands for the thread

/// Lock's and RLock's rules for (blocking, timeout). The flags of annotate.h,
/// and the deadline in `deadline`.
int checked(bool blocking, const Timeout &timeout, detail::Deadline &deadline) {
  const bool limited = timeout.given() && timeout.seconds() != -1;
  if (!blocking) {
    if (limited)
      throw ValueError("can't specify a timeout for a non-blocking call");
    return GORDIAN_TRY;
  }
  if (!limited)
    return 0;
  if (timeout.seconds() < 0)
    throw ValueError("timeout value must be a non-negative number");
  deadline = timeout.deadline();
  return GORDIAN_TIMED;
}

bool take(detail::FutexLock &word, int flags, const detail::Deadline &deadline) {
  return flags & GORDIAN_TRY ? word.tryLock() : word.lockUntil(deadline);
}

} // namespace

Lock::Lock(const char *name) {
  report::created(this, GORDIAN_LOCK, name);
}

Lock::~Lock() {
  report::destroyed(this);
}

/// The runtime still believes that this thread holds the lock, which another
/// one has released.
void Lock::forgetHolder() {
  const void *expected = &mark;
  if (deprived_.compare_exchange_strong(expected, nullptr))
    report::released(this, Place());
}

bool Lock::acquire(bool blocking, Timeout timeout, Place place) {
  detail::Deadline deadline;
  const int flags = checked(blocking, timeout, deadline);
  bool acquired;
  if (signal_.load(std::memory_order_relaxed)) {
    forgetHolder();
    acquired = word_.tryLock();
    report::Wait waiting(this, GORDIAN_EVENT, nullptr, acquired ? GORDIAN_TRY : flags, place);
    acquired = waiting.ended(acquired || take(word_, flags, deadline));
  } else {
    report::Request request(this, GORDIAN_LOCK, flags, place);
    acquired = request.ended(take(word_, flags, deadline));
  }
  if (!acquired)
    return false;
  tsan::acquire(this);
  if (!report::quiet())
    holder_.store(&mark, std::memory_order_relaxed);
  return true;
}

void Lock::tellRelease(bool forWait, Place place) {
  tsan::release(this);
  if (report::quiet())
    return;
  const void *holder = holder_.exchange(nullptr, std::memory_order_relaxed);
  if (signal_.load(std::memory_order_relaxed)) {
    report::notified(this, GORDIAN_EVENT, false, place);
  } else if (forWait) {
    report::releasedAll(this, place);
  } else if (holder == &mark || !holder) {
    report::released(this, place);
  } else {
    signal_.store(true, std::memory_order_relaxed);
    deprived_.store(holder, std::memory_order_relaxed);
    report::notified(this, GORDIAN_EVENT, false, place);
  }
}

void Lock::release(Place place) {
  if (!locked())
    throw RuntimeError("release unlocked lock");
  tellRelease(false, place);
  if (!word_.unlockIfHeld()) // two threads released it at once
    throw RuntimeError("release unlocked lock");
}

int Lock::releaseAll(Place place) {
  tellRelease(true, place);
  word_.unlockIfHeld();
  return 1;
}

void Lock::acquireAgain(int, Place place) {
  acquire(true, Timeout(), place);
}

RLock::RLock(const char *name) {
  report::created(this, GORDIAN_RECURSIVE, name);
}

RLock::~RLock() {
  report::destroyed(this);
}

bool RLock::isOwned() const {
  return owner_.load(std::memory_order_relaxed) == &mark;
}

bool RLock::acquire(bool blocking, Timeout timeout, Place place) {
  detail::Deadline deadline;
  const int flags = checked(blocking, timeout, deadline);
  report::Request request(this, GORDIAN_RECURSIVE, flags, place);
  if (isOwned()) {
    levels_++;
    return request.ended(true);
  }
  if (!request.ended(take(word_, flags, deadline)))
    return false;
  tsan::acquire(this);
  owner_.store(&mark, std::memory_order_relaxed);
  levels_ = 1;
  return true;
}

void RLock::release(Place place) {
  if (!isOwned())
    throw RuntimeError("cannot release un-acquired lock");
  report::released(this, place);
  if (--levels_ > 0)
    return;
  owner_.store(nullptr, std::memory_order_relaxed);
  tsan::release(this);
  word_.unlock();
}

int RLock::releaseAll(Place place) {
  report::releasedAll(this, place);
  const int levels = levels_;
  levels_ = 0;
  owner_.store(nullptr, std::memory_order_relaxed);
  tsan::release(this);
  word_.unlock();
  return levels;
}

void RLock::acquireAgain(int levels, Place place) {
  acquire(true, Timeout(), place);
  if (levels > 1)
    report::restored(this, levels - 1, place);
  levels_ = levels;
}

} // namespace gordian
