// SPDX-License-Identifier: MIT
//
// Waits with a clock of the caller's choice (glibc 2.30), which ThreadSanitizer's runtime does not know: what
// std::shared_timed_mutex guards after try_lock_for would be reported as a race, and its unlock as one of an
// unlocked mutex. Each calls the C library's function and tells the runtime what it did.
#include "tsan/interface.h"

#include <cerrno>
#include <ctime>
#include <dlfcn.h>
#include <pthread.h>
#include <semaphore.h>

namespace {

template <class Function>
Function real(Function, const char *name) {
  return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

/// A request with a time limit is a try to ThreadSanitizer: no lock order follows from it.
template <class Function>
int timedLock(Function function, pthread_rwlock_t *lock, clockid_t clock, const timespec *end,
              unsigned mode) {
  const unsigned flags = mode | gordian::tsan::kTryLock;
  if (__tsan_mutex_pre_lock)
    __tsan_mutex_pre_lock(lock, flags);
  const int error = function ? function(lock, clock, end) : ENOSYS;
  if (__tsan_mutex_post_lock)
    __tsan_mutex_post_lock(lock, error == 0 ? flags : flags | gordian::tsan::kTryLockFailed, 0);
  return error;
}

constexpr long kSecond = 1000000000;

/// The moment on the real-time clock that is as far from now as `end` is on `clock`.
timespec onRealTime(clockid_t clock, const timespec &end) {
  timespec now, real;
  clock_gettime(clock, &now);
  clock_gettime(CLOCK_REALTIME, &real);
  const long nanoseconds = real.tv_nsec + end.tv_nsec - now.tv_nsec; // -1e9 .. 2e9
  const long carry = nanoseconds < 0 ? -1 : nanoseconds / kSecond;
  return {real.tv_sec + end.tv_sec - now.tv_sec + carry, nanoseconds - carry * kSecond};
}

bool passed(clockid_t clock, const timespec &end) {
  timespec now;
  clock_gettime(clock, &now);
  return now.tv_sec > end.tv_sec || (now.tv_sec == end.tv_sec && now.tv_nsec >= end.tv_nsec);
}

} // namespace

GORDIAN_VISIBLE int pthread_rwlock_clockrdlock(pthread_rwlock_t *lock, clockid_t clock, const timespec *end) {
  static const auto function = real(&pthread_rwlock_clockrdlock, "pthread_rwlock_clockrdlock");
  return timedLock(function, lock, clock, end, gordian::tsan::kReadLock);
}

GORDIAN_VISIBLE int pthread_rwlock_clockwrlock(pthread_rwlock_t *lock, clockid_t clock, const timespec *end) {
  static const auto function = real(&pthread_rwlock_clockwrlock, "pthread_rwlock_clockwrlock");
  return timedLock(function, lock, clock, end, 0);
}

GORDIAN_VISIBLE int sem_clockwait(sem_t *semaphore, clockid_t clock, const timespec *end) {
  static const auto function = real(&sem_clockwait, "sem_clockwait");
  if (!function) {
    errno = ENOSYS;
    return -1;
  }
  const int result = function(semaphore, clock, end);
  if (result == 0 && __tsan_acquire)
    __tsan_acquire(semaphore); // the runtime's sem_post releases at this address
  return result;
}

/// By the join with a real-time limit, which the runtime knows: it must see that the thread is gone.
GORDIAN_VISIBLE int pthread_clockjoin_np(pthread_t thread, void **value, clockid_t clock,
                                         const timespec *end) {
  if (!end)
    return pthread_join(thread, value);
  for (;;) {
    const timespec limit = onRealTime(clock, *end);
    const int error = pthread_timedjoin_np(thread, value, &limit);
    if (error != ETIMEDOUT || passed(clock, *end))
      return error;
  }
}
