// SPDX-License-Identifier: MIT
//
// What this folder and predict/ use of ThreadSanitizer's runtime, all weak: GCC's older runtime lacks some.
#ifndef GORDIAN_INSTRUMENT_TSAN_INTERFACE_H
#define GORDIAN_INSTRUMENT_TSAN_INTERFACE_H

#define GORDIAN_VISIBLE extern "C" __attribute__((visibility("default")))

extern "C" {
// Order: what precedes the release is visible after the acquire.
void __tsan_acquire(void *object) __attribute__((weak));
void __tsan_release(void *object) __attribute__((weak));

// A lock operation that the runtime does not know.
void __tsan_mutex_pre_lock(void *lock, unsigned flags) __attribute__((weak));
void __tsan_mutex_post_lock(void *lock, unsigned flags, int levels) __attribute__((weak));
}

namespace gordian::tsan {

// tsan_interface.h
constexpr unsigned kReadLock = 1u << 3;
constexpr unsigned kTryLock = 1u << 4;
constexpr unsigned kTryLockFailed = 1u << 5;

} // namespace gordian::tsan

#endif
