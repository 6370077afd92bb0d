// SPDX-License-Identifier: MIT
#include "core/sys.h"

#include <cerrno>
#include <fcntl.h>
#include <linux/futex.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <time.h>

namespace gordian::runtime {

namespace {

uint64_t now(clockid_t clock) {
  // Not clock_gettime: sanitizers intercept it, and may not be ready.
  timespec t = {};
  if (systemCall(SYS_clock_gettime, clock, long(&t)) != 0)
    return 0;
  return uint64_t(t.tv_sec) * 1000000000u + uint64_t(t.tv_nsec);
}

} // namespace

void writeAll(int fd, const char *text, size_t size) {
  while (size > 0) {
    long n = systemCall(SYS_write, fd, long(text), long(size));
    if (n == -EINTR)
      continue;
    if (n <= 0)
      return;
    text += n;
    size -= size_t(n);
  }
}

bool readMemory(uintptr_t address, void *out, size_t size) {
  iovec local = {out, size};
  iovec remote = {reinterpret_cast<void *>(address), size};
  return systemCall(SYS_process_vm_readv, long(processId()), long(&local), 1, long(&remote), 1, 0) ==
         long(size);
}

bool writeMemory(uintptr_t address, const void *from, size_t size) {
  iovec local = {const_cast<void *>(from), size};
  iovec remote = {reinterpret_cast<void *>(address), size};
  return systemCall(SYS_process_vm_writev, long(processId()), long(&local), 1, long(&remote), 1, 0) ==
         long(size);
}

#if defined(__SANITIZE_THREAD__) // unit tests: it must know whose memory is new
void *mapMemory(size_t size) {
  void *p = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  return p == MAP_FAILED ? nullptr : p;
}

void unmapMemory(void *address, size_t size) {
  munmap(address, size);
}
#else
void *mapMemory(size_t size) {
  long p = systemCall(SYS_mmap, 0, long(size), PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  return p < 0 && p > -4096 ? nullptr : reinterpret_cast<void *>(p);
}

void unmapMemory(void *address, size_t size) {
  systemCall(SYS_munmap, long(address), long(size));
}
#endif

void *mapForkMark() {
  constexpr long kPage = 4096;
  void *p = mapMemory(kPage);
  if (p && systemCall(SYS_madvise, long(p), kPage, MADV_WIPEONFORK) == 0)
    return p;
  if (p)
    unmapMemory(p, kPage);
  return nullptr;
}

void clearMemory(void *address, size_t size) {
  systemCall(SYS_madvise, long(address), long(size), MADV_DONTNEED);
}

long readFile(const char *path, char *out, size_t size) {
  long fd = systemCall(SYS_openat, AT_FDCWD, long(path), O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    return fd;
  size_t have = 0;
  while (have < size) {
    long n = systemCall(SYS_read, fd, long(out + have), long(size - have));
    if (n == -EINTR)
      continue;
    if (n <= 0)
      break;
    have += size_t(n);
  }
  systemCall(SYS_close, fd);
  return long(have);
}

uint64_t monotonicNow() {
  return now(CLOCK_MONOTONIC);
}
uint64_t realtimeNow() {
  return now(CLOCK_REALTIME);
}

void sleepFor(uint64_t nanoseconds) {
  timespec t = {time_t(nanoseconds / 1000000000u), long(nanoseconds % 1000000000u)};
  while (systemCall(SYS_nanosleep, long(&t), long(&t)) == -EINTR) {
  }
}

long futexWait(uint32_t *word, uint32_t expected, uint64_t nanoseconds) {
  timespec t = {time_t(nanoseconds / 1000000000u), long(nanoseconds % 1000000000u)};
  return systemCall(SYS_futex, long(word), FUTEX_WAIT_PRIVATE, long(expected), nanoseconds ? long(&t) : 0);
}

void futexWake(uint32_t *word, int count) {
  systemCall(SYS_futex, long(word), FUTEX_WAKE_PRIVATE, count);
}
void futexWakeShared(uint32_t *word, int count) {
  systemCall(SYS_futex, long(word), FUTEX_WAKE, count);
}

uint64_t randomBits() {
  uint64_t bits = 0;
  if (systemCall(SYS_getrandom, long(&bits), sizeof(bits), 1 /* GRND_NONBLOCK */) != long(sizeof(bits)))
    bits = realtimeNow() * 0x9e3779b97f4a7c15u ^ (uint64_t(processId()) << 32) ^ monotonicNow();
  return bits ? bits : 1;
}

} // namespace gordian::runtime
