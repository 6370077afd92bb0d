// SPDX-License-Identifier: MIT
//
// System calls without the C library: inside a hook, libc's wrappers may themselves be hooked (syscall,
// _exit), may be cancellation points, and all set errno. These return the kernel's value, negative errno on
// failure, and touch nothing else. x86-64 and AArch64 have their own instruction sequence; there is no other
// way in.
#ifndef GORDIAN_CORE_SYS_H
#define GORDIAN_CORE_SYS_H

#include <cstddef>
#include <cstdint>
#include <sys/syscall.h>

namespace gordian::runtime {

inline long systemCall(long number, long a = 0, long b = 0, long c = 0, long d = 0, long e = 0, long f = 0) {
#if defined(__x86_64__)
  register long r10 __asm__("r10") = d;
  register long r8 __asm__("r8") = e;
  register long r9 __asm__("r9") = f;
  long result;
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                   : "rcx", "r11", "memory");
  return result;
#elif defined(__aarch64__)
  register long x8 __asm__("x8") = number;
  register long x0 __asm__("x0") = a;
  register long x1 __asm__("x1") = b;
  register long x2 __asm__("x2") = c;
  register long x3 __asm__("x3") = d;
  register long x4 __asm__("x4") = e;
  register long x5 __asm__("x5") = f;
  __asm__ volatile("svc #0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5) : "memory");
  return x0;
#else
#error "Gordian's runtime knows x86-64 and AArch64"
#endif
}

inline uint32_t processId() {
  return uint32_t(systemCall(SYS_getpid));
}
inline uint32_t threadId() {
  return uint32_t(systemCall(SYS_gettid));
}

/// Writes all of it, or as much as goes.
void writeAll(int fd, const char *text, size_t size);

/// Reads this process's own memory, which may be unmapped: false instead of a fault.
bool readMemory(uintptr_t address, void *out, size_t size);

/// Writes into it, the same way.
bool writeMemory(uintptr_t address, const void *from, size_t size);

/// Anonymous zeroed memory; null when there is none. Pages cost nothing until touched.
void *mapMemory(size_t size);
void unmapMemory(void *address, size_t size);

/// Gives the pages back; they read as zero afterwards.
void clearMemory(void *address, size_t size);

/// Memory that reads as zero in the child of every fork, however it is made, until that writes to it. Null
/// where the kernel has no such thing.
void *mapForkMark();

/// A small file, as far as it fits; bytes read, or negative errno.
long readFile(const char *path, char *out, size_t size);

uint64_t monotonicNow(); // ns
uint64_t realtimeNow();  // ns since 1970
void sleepFor(uint64_t nanoseconds);

long futexWait(uint32_t *word, uint32_t expected, uint64_t nanoseconds = 0); // 0: no limit
void futexWake(uint32_t *word, int count);
void futexWakeShared(uint32_t *word, int count); // also for waiters in other processes

uint64_t randomBits();

} // namespace gordian::runtime

#endif
