// SPDX-License-Identifier: MIT
//
// What the primitives are built from: a lock of one word, and a monitor, which is such a lock with lists of
// waiters that are woken in the order in which they came. Neither reports anything to the runtime (the
// primitive on top does, under its own name), so both use the kernel's futex directly and not the pthread
// functions that the runtime watches.
//
// A waiter is woken exactly when a wake was meant for it: never spuriously, and a wake that meets the end of
// the time limit counts as a wake, so that none is lost.
#ifndef GORDIAN_DETAIL_MONITOR_H
#define GORDIAN_DETAIL_MONITOR_H

#include "gordian/timeout.h"

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace gordian::detail {

/// A lock of one word: 0 free, 1 held, 2 held and somebody may be waiting (Drepper, "Futexes are tricky",
/// mutex 3). For the library's own sources: in a program's, ThreadSanitizer would see one half of it.
class FutexLock {
public:
  bool tryLock() {
    uint32_t expected = 0;
    return word_.compare_exchange_strong(expected, 1, std::memory_order_acquire, std::memory_order_relaxed);
  }
  void lock() {
    if (!tryLock())
      lockSlow(Deadline());
  }
  /// False when the deadline passed first.
  bool lockUntil(const Deadline &deadline) { return tryLock() || lockSlow(deadline); }
  void unlock() {
    if (word_.exchange(0, std::memory_order_release) == 2)
      wakeOne();
  }
  /// Like unlock, but false (and nothing done) where the lock is free.
  bool unlockIfHeld();
  bool held() const { return word_.load(std::memory_order_relaxed) != 0; }

private:
  bool lockSlow(const Deadline &deadline);
  void wakeOne();

  std::atomic<uint32_t> word_{0};
};

/// One thread that waits; lives on its stack.
struct Waiter {
  std::atomic<uint32_t> woken{0};
  Waiter *next = nullptr;
  Waiter *previous = nullptr;

  /// Sleeps until woken; false when the deadline passed first.
  bool sleep(const Deadline &deadline);
};

/// First come, first woken. The caller guards it.
class WaitList {
public:
  void add(Waiter &waiter);
  /// False where the waiter was woken meanwhile, and so is in the list no more.
  bool remove(Waiter &waiter);
  /// Wakes at most `count`; the number woken.
  size_t wake(size_t count);
  bool empty() const { return first_ == nullptr; }

private:
  void unlink(Waiter &waiter);

  Waiter *first_ = nullptr;
  Waiter *last_ = nullptr;
};

/// A lock, and waiting under it. The waiters' lists are the primitive's: one for each thing to wait for.
/// Usable with std::lock_guard.
class Monitor {
public:
  void lock();
  void unlock();
  /// Gives the lock up, waits in `list` for a wake, takes the lock again. False when the deadline passed
  /// first.
  bool wait(WaitList &list, const Deadline &deadline);

private:
  FutexLock mutex_;
};

} // namespace gordian::detail

#endif
