// SPDX-License-Identifier: MIT
//
// The order that a primitive makes, told to ThreadSanitizer where the program was built with it. This library
// is not instrumented itself, and TSan does not see its futex calls: without these two functions every datum
// guarded by a Lock would be reported as a race.
#ifndef GORDIAN_SYNC_TSAN_H
#define GORDIAN_SYNC_TSAN_H

extern "C" {
void __tsan_acquire(void *object) __attribute__((weak));
void __tsan_release(void *object) __attribute__((weak));
}

namespace gordian::tsan {

/// What was done before the release of `object` is visible after its acquire.
inline void acquire(const void *object) {
  if (__tsan_acquire)
    __tsan_acquire(const_cast<void *>(object));
}
inline void release(const void *object) {
  if (__tsan_release)
    __tsan_release(const_cast<void *>(object));
}

} // namespace gordian::tsan

#endif
