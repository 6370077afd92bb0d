// SPDX-License-Identifier: MIT
//
// What the predictor needs of the system: memory and a lock. It runs inside a program under ThreadSanitizer,
// whose interceptors would take each malloc, memcpy or pthread call made here for one of the program's, so it
// uses none.
#ifndef GORDIAN_INSTRUMENT_PREDICT_SYSTEM_H
#define GORDIAN_INSTRUMENT_PREDICT_SYSTEM_H

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace gordian::predict {

/// Zeroed address space; a page costs memory when it is touched. Null where there is none.
void *reserve(size_t bytes);
/// For tests, which make many engines: gives back all that was ever reserved.
void testOnlyGiveAllBack();
template <class T>
T *reserveArray(size_t count) {
  return static_cast<T *>(reserve(count * sizeof(T)));
}

/// What a thread does after its n-th vain look at a lock.
void relax(int n);

/// For a few instructions at a time; nothing that blocks is done under it.
class SpinLock {
public:
  void lock() {
    for (int n = 0; taken_.exchange(true, std::memory_order_acquire); n++)
      relax(n);
  }
  void unlock() { taken_.store(false, std::memory_order_release); }

private:
  std::atomic<bool> taken_{false};
};

class SpinGuard {
public:
  explicit SpinGuard(SpinLock &lock) : lock_(lock) { lock_.lock(); }
  ~SpinGuard() { lock_.unlock(); }
  SpinGuard(const SpinGuard &) = delete;
  SpinGuard &operator=(const SpinGuard &) = delete;

private:
  SpinLock &lock_;
};

/// Arrays of words in sizes of powers of two, taken back and given out again.
class WordPool {
public:
  /// At least `count` words, zeroed; `count` becomes what it really is. Null where there is no memory.
  uint32_t *take(uint32_t &count);
  void giveBack(uint32_t *words, uint32_t count);

private:
  static constexpr int kClasses = 14; // up to 8192 words

  SpinLock lock_;
  uint32_t *free_[kClasses] = {};
  uint32_t *fresh_ = nullptr;
  size_t left_ = 0;
};

} // namespace gordian::predict

#endif
