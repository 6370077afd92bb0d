// SPDX-License-Identifier: MIT
//
// Lock and RLock, with the semantics of Python's threading.Lock and threading.RLock, for C++.
//
//     gordian::Lock accounts{"accounts"};
//     std::lock_guard guard(accounts);            // or accounts.acquire(); ... accounts.release();
//     if (accounts.acquire(true, 0.5)) ...        // waits at most half a second
//
// Without libgordian.so in the process they are plain locks of one word. With it (`gordian run`, LD_PRELOAD)
// they report each acquisition and release with the caller's source line; under ThreadSanitizer they order
// what they guard.
//
// Lock    not re-entrant; may be released by another thread than the one that acquired it, as in Python.
// RLock   re-entrant; released by its owner only.
//
// acquire(blocking, timeout)   true when acquired. Without blocking it does not wait (and takes no time
// limit); a
//                              negative limit other than -1 is a ValueError.
// release()                    RuntimeError where the lock is free (Lock) or not held by the caller (RLock).
//
// lock, try_lock, unlock and the timed forms are the same under the names that std::lock_guard,
// std::scoped_lock, std::unique_lock and std::condition_variable_any ask for. Inside those, the place
// reported is the caller's, found by the runtime from the stack.
#ifndef GORDIAN_LOCK_H
#define GORDIAN_LOCK_H

#include "gordian/detail/monitor.h"
#include "gordian/errors.h"
#include "gordian/timeout.h"

#include <source_location>

namespace gordian {

using Place = std::source_location;

/// What Lock and RLock share beside acquire and release: the names that the standard library's guards ask
/// for.
template <class Self>
class StandardLockable {
public:
  void lock(Place place = Place::current()) { self().acquire(true, Timeout(), place); }
  bool try_lock(Place place = Place::current()) { return self().acquire(false, Timeout(), place); }
  void unlock(Place place = Place::current()) { self().release(place); }

  template <class Rep, class Period>
  bool try_lock_for(std::chrono::duration<Rep, Period> limit, Place place = Place::current()) {
    return self().acquire(true, limit > limit.zero() ? Timeout(limit) : Timeout(0.0), place);
  }
  template <class Clock, class Duration>
  bool try_lock_until(std::chrono::time_point<Clock, Duration> end, Place place = Place::current()) {
    return try_lock_for(end - Clock::now(), place);
  }

private:
  Self &self() { return static_cast<Self &>(*this); }
};

class Lock : public StandardLockable<Lock> {
public:
  constexpr Lock() = default;
  /// `name` is how reports call it.
  explicit Lock(const char *name);
  ~Lock();
  Lock(const Lock &) = delete;
  Lock &operator=(const Lock &) = delete;

  bool acquire(bool blocking = true, Timeout timeout = {}, Place place = Place::current());
  void release(Place place = Place::current());
  bool locked() const { return word_.held(); }

private:
  friend class Condition;
  bool isOwned() const { return locked(); } // Python cannot tell by whom, either
  int releaseAll(Place place);
  void acquireAgain(int levels, Place place);
  void tellRelease(bool forWait, Place place);
  void forgetHolder();

  detail::FutexLock word_;
  // For reports only, and only kept where somebody listens: once a Lock was released by another thread than
  // the one that acquired it, it is a signal, not a lock, and is told as one.
  std::atomic<bool> signal_{false};
  std::atomic<const void *> holder_{nullptr};   // who acquired it
  std::atomic<const void *> deprived_{nullptr}; // the holder that did not release it itself
};

class RLock : public StandardLockable<RLock> {
public:
  constexpr RLock() = default;
  explicit RLock(const char *name);
  ~RLock();
  RLock(const RLock &) = delete;
  RLock &operator=(const RLock &) = delete;

  bool acquire(bool blocking = true, Timeout timeout = {}, Place place = Place::current());
  void release(Place place = Place::current());
  bool locked() const { return word_.held(); }

private:
  friend class Condition;
  bool isOwned() const;
  int releaseAll(Place place);
  void acquireAgain(int levels, Place place);

  detail::FutexLock word_;
  std::atomic<const void *> owner_{nullptr}; // compared by each thread with its own mark only
  int levels_ = 0;                           // the owner's
};

} // namespace gordian

#endif
