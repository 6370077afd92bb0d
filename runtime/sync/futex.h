// SPDX-License-Identifier: MIT
//
// The futex system call, made directly: syscall() is watched by libgordian.so, which would take a lock's
// hand-over for an order that the program relies on, and so miss inversions.
#ifndef GORDIAN_SYNC_FUTEX_H
#define GORDIAN_SYNC_FUTEX_H

#include "gordian/timeout.h"

#include <atomic>
#include <cerrno>
#include <climits>
#include <cstdint>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace gordian::futex {

/// The kernel's answer: negative is -errno.
inline long call(std::atomic<uint32_t> &word, int operation, uint32_t value, const timespec *limit,
                 uint32_t bits) {
#if defined(__x86_64__)
  long result;
  register long limitRegister __asm__("r10") = reinterpret_cast<long>(limit);
  register long unused __asm__("r8") = 0;
  register long bitsRegister __asm__("r9") = bits;
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(SYS_futex), "D"(&word), "S"(long(operation)), "d"(long(value)), "r"(limitRegister),
                     "r"(unused), "r"(bitsRegister)
                   : "rcx", "r11", "memory");
  return result;
#elif defined(__aarch64__)
  register long result __asm__("x0") = reinterpret_cast<long>(&word);
  register long operationRegister __asm__("x1") = operation;
  register long valueRegister __asm__("x2") = value;
  register long limitRegister __asm__("x3") = reinterpret_cast<long>(limit);
  register long unused __asm__("x4") = 0;
  register long bitsRegister __asm__("x5") = bits;
  register long number __asm__("x8") = SYS_futex;
  __asm__ volatile("svc 0"
                   : "+r"(result)
                   : "r"(operationRegister), "r"(valueRegister), "r"(limitRegister), "r"(unused),
                     "r"(bitsRegister), "r"(number)
                   : "memory");
  return result;
#else
  const int saved = errno;
  long result = syscall(SYS_futex, &word, operation, value, limit, nullptr, bits);
  if (result < 0)
    result = -errno;
  errno = saved;
  return result;
#endif
}

/// Sleeps while the word has this value. False when the deadline passed; true for any other reason to look
/// again.
inline bool wait(std::atomic<uint32_t> &word, uint32_t value, const detail::Deadline &deadline) {
  const timespec *limit = deadline.never ? nullptr : &deadline.at;
  return call(word, FUTEX_WAIT_BITSET_PRIVATE, value, limit, FUTEX_BITSET_MATCH_ANY) != -ETIMEDOUT;
}

inline void wake(std::atomic<uint32_t> &word, int count) {
  call(word, FUTEX_WAKE_PRIVATE, uint32_t(count), nullptr, 0);
}

} // namespace gordian::futex

#endif
