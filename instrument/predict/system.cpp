// SPDX-License-Identifier: MIT
#include "predict/system.h"

#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace gordian::predict {

namespace {

// Each reservation begins with one of these, in a page of its own.
struct Reservation {
  Reservation *next;
  size_t bytes;
};
std::atomic<Reservation *> reservations{nullptr};
constexpr size_t kPage = 4096;

} // namespace

void *reserve(size_t bytes) {
  bytes += kPage;
  const long got = syscall(SYS_mmap, nullptr, bytes, PROT_READ | PROT_WRITE,
                           MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (got == -1)
    return nullptr;
  auto *made = reinterpret_cast<Reservation *>(got);
  made->bytes = bytes;
  made->next = reservations.load(std::memory_order_relaxed);
  while (!reservations.compare_exchange_weak(made->next, made)) {
  }
  return reinterpret_cast<char *>(made) + kPage;
}

void testOnlyGiveAllBack() {
  for (Reservation *next, *made = reservations.exchange(nullptr); made; made = next) {
    next = made->next;
    syscall(SYS_munmap, made, made->bytes);
  }
}

void relax(int n) {
  if (n >= 100) {
    syscall(SYS_sched_yield);
    return;
  }
#if defined(__x86_64__)
  __builtin_ia32_pause();
#else
  std::atomic_signal_fence(std::memory_order_seq_cst);
#endif
}

namespace {

constexpr uint32_t kSmallest = 4;
constexpr size_t kBlock = 1 << 18; // words reserved at a time

int classOf(uint32_t count) {
  int c = 0;
  while ((kSmallest << c) < count)
    c++;
  return c;
}

// A free array's first two words hold the address of the next one.
uint32_t *nextFree(const uint32_t *words) {
  return reinterpret_cast<uint32_t *>(uintptr_t(words[0]) | uintptr_t(words[1]) << 32);
}
void setNextFree(uint32_t *words, const uint32_t *next) {
  words[0] = uint32_t(reinterpret_cast<uintptr_t>(next));
  words[1] = uint32_t(reinterpret_cast<uintptr_t>(next) >> 32);
}

} // namespace

uint32_t *WordPool::take(uint32_t &count) {
  const int c = classOf(count);
  if (c >= kClasses)
    return nullptr;
  count = kSmallest << c;
  SpinGuard guard(lock_);
  uint32_t *words = free_[c];
  if (words) {
    free_[c] = nextFree(words);
    for (uint32_t i = 0; i < count; i++)
      words[i] = 0;
    return words;
  }
  if (left_ < count) {
    fresh_ = reserveArray<uint32_t>(kBlock);
    left_ = fresh_ ? kBlock : 0;
    if (!fresh_)
      return nullptr;
  }
  words = fresh_;
  fresh_ += count;
  left_ -= count;
  return words;
}

void WordPool::giveBack(uint32_t *words, uint32_t count) {
  const int c = classOf(count);
  SpinGuard guard(lock_);
  setNextFree(words, free_[c]);
  free_[c] = words;
}

} // namespace gordian::predict
