// SPDX-License-Identifier: MIT
//
// The runtime's own lock. It is constant-initialised, never allocates, keeps errno, and knows its owner: a
// signal handler that interrupts the owner and wants the lock again is told "no" in place of waiting for
// ever. Callers must cope with a refusal, usually by dropping and counting what they were about to record.
//
// Three states in one word (Drepper, "Futexes Are Tricky", mutex2): 0 free, 1 taken, 2 taken and somebody may
// sleep.
#ifndef GORDIAN_CORE_FUTEX_LOCK_H
#define GORDIAN_CORE_FUTEX_LOCK_H

#include "core/sys.h"

namespace gordian::runtime {

class FutexLock {
public:
  constexpr FutexLock() = default;
  FutexLock(const FutexLock &) = delete;

  /// False only where the calling thread holds it already (it was interrupted by a signal).
  bool lock() {
    const uint32_t self = threadId();
    uint32_t free = 0;
    if (!__atomic_compare_exchange_n(&word_, &free, 1, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) {
      if (__atomic_load_n(&owner_, __ATOMIC_RELAXED) == self)
        return false;
      while (__atomic_exchange_n(&word_, 2, __ATOMIC_ACQUIRE) != 0)
        futexWait(&word_, 2);
    }
    __atomic_store_n(&owner_, self, __ATOMIC_RELAXED);
    return true;
  }

  void unlock() {
    __atomic_store_n(&owner_, 0, __ATOMIC_RELAXED);
    if (__atomic_exchange_n(&word_, 0, __ATOMIC_RELEASE) == 2)
      futexWake(&word_, 1);
  }

  /// In the child of a fork: its holder does not exist there.
  void reset() { word_ = owner_ = 0; }

private:
  uint32_t word_ = 0;
  uint32_t owner_ = 0;
};

/// if (Locked l(lock); l) ...
class Locked {
public:
  explicit Locked(FutexLock &lock) : lock_(lock), held_(lock.lock()) {}
  Locked(const Locked &) = delete;
  ~Locked() {
    if (held_)
      lock_.unlock();
  }
  explicit operator bool() const { return held_; }

private:
  FutexLock &lock_;
  const bool held_;
};

} // namespace gordian::runtime

#endif
