// SPDX-License-Identifier: MIT
//
// Atomic operations, wrapped by the linker. Whatever its memory order, an operation that writes orders all
// before it, an operation that reads all after it, with the others on the same variable: the values read keep
// it so.
//
// Fences. ThreadSanitizer does not know them, and reports what a relaxed store after a release fence
// publishes. Once a program has used a fence, its relaxed stores are taken for releases and its relaxed loads
// for acquires: races that such an order would hide are missed, none are invented.
#include "predict/agent.h"

namespace gordian::predict {

namespace {

std::atomic<bool> fencesUsed{false};

using Order = int; // as in C: 0 relaxed ... 5 sequentially consistent
constexpr Order kRelaxed = 0, kAcquire = 2, kRelease = 3, kAcquireRelease = 4;

inline Order withFences(Order order, Order stronger) {
  return order == kRelaxed && fencesUsed.load(std::memory_order_relaxed) ? stronger : order;
}

inline void before(const volatile void *variable) {
  now([=](Agent &agent) { sendAt(agent, addressOf(variable)); });
}

/// What the operation reads is taken up by whatever the thread does next.
inline void after(const volatile void *variable) {
  now([=](Agent &agent) {
    agent.pending = Agent::Pending::Receive;
    agent.pendingObject = addressOf(variable);
  });
}

} // namespace

using Word8 = char;
using Word16 = short;
using Word32 = int;
using Word64 = long;
#ifdef __SIZEOF_INT128__
__extension__ using Word128 = __int128;
#endif

} // namespace gordian::predict

using namespace gordian::predict;

#define LOAD(bits)                                                                                           \
  extern "C" Word##bits __real___tsan_atomic##bits##_load(const volatile Word##bits *, Order);               \
  GORDIAN_VISIBLE Word##bits __wrap___tsan_atomic##bits##_load(const volatile Word##bits *a, Order order) {  \
    after(a);                                                                                                \
    return __real___tsan_atomic##bits##_load(a, withFences(order, kAcquire));                                \
  }

#define STORE(bits)                                                                                          \
  extern "C" void __real___tsan_atomic##bits##_store(volatile Word##bits *, Word##bits, Order);              \
  GORDIAN_VISIBLE void __wrap___tsan_atomic##bits##_store(volatile Word##bits *a, Word##bits value,          \
                                                          Order order) {                                     \
    before(a);                                                                                               \
    __real___tsan_atomic##bits##_store(a, value, withFences(order, kRelease));                               \
  }

#define MODIFY(bits, name)                                                                                   \
  extern "C" Word##bits __real___tsan_atomic##bits##_##name(volatile Word##bits *, Word##bits, Order);       \
  GORDIAN_VISIBLE Word##bits __wrap___tsan_atomic##bits##_##name(volatile Word##bits *a, Word##bits value,   \
                                                                 Order order) {                              \
    before(a);                                                                                               \
    after(a);                                                                                                \
    return __real___tsan_atomic##bits##_##name(a, value, withFences(order, kAcquireRelease));                \
  }

#define COMPARE(bits, name)                                                                                  \
  extern "C" int __real___tsan_atomic##bits##_##name(volatile Word##bits *, Word##bits *, Word##bits, Order, \
                                                     Order);                                                 \
  GORDIAN_VISIBLE int __wrap___tsan_atomic##bits##_##name(volatile Word##bits *a, Word##bits *expected,      \
                                                          Word##bits desired, Order order, Order fail) {     \
    before(a);                                                                                               \
    after(a);                                                                                                \
    return __real___tsan_atomic##bits##_##name(a, expected, desired, withFences(order, kAcquireRelease),     \
                                               withFences(fail, kAcquire));                                  \
  }

#define COMPARE_VALUE(bits)                                                                                  \
  extern "C" Word##bits __real___tsan_atomic##bits##_compare_exchange_val(volatile Word##bits *, Word##bits, \
                                                                          Word##bits, Order, Order);         \
  GORDIAN_VISIBLE Word##bits __wrap___tsan_atomic##bits##_compare_exchange_val(                              \
      volatile Word##bits *a, Word##bits expected, Word##bits desired, Order order, Order fail) {            \
    before(a);                                                                                               \
    after(a);                                                                                                \
    return __real___tsan_atomic##bits##_compare_exchange_val(                                                \
        a, expected, desired, withFences(order, kAcquireRelease), withFences(fail, kAcquire));               \
  }

#define ALL(bits)                                                                                            \
  LOAD(bits)                                                                                                 \
  STORE(bits)                                                                                                \
  MODIFY(bits, exchange)                                                                                     \
  MODIFY(bits, fetch_add)                                                                                    \
  MODIFY(bits, fetch_sub)                                                                                    \
  MODIFY(bits, fetch_and)                                                                                    \
  MODIFY(bits, fetch_or)                                                                                     \
  MODIFY(bits, fetch_xor)                                                                                    \
  MODIFY(bits, fetch_nand)                                                                                   \
  COMPARE(bits, compare_exchange_strong)                                                                     \
  COMPARE(bits, compare_exchange_weak)                                                                       \
  COMPARE_VALUE(bits)

ALL(8)
ALL(16)
ALL(32)
ALL(64)
#ifdef __SIZEOF_INT128__
ALL(128)
#endif

extern "C" void __real___tsan_atomic_thread_fence(Order);
GORDIAN_VISIBLE void __wrap___tsan_atomic_thread_fence(Order order) {
  fencesUsed.store(true, std::memory_order_relaxed);
  __real___tsan_atomic_thread_fence(order);
}

// Function-local statics. Their fast path reads the guard by an atomic load, at the same address.
extern "C" int __real___cxa_guard_acquire(long *);
GORDIAN_VISIBLE int __wrap___cxa_guard_acquire(long *guard) {
  after(guard);
  return __real___cxa_guard_acquire(guard);
}
extern "C" void __real___cxa_guard_release(long *);
GORDIAN_VISIBLE void __wrap___cxa_guard_release(long *guard) {
  before(guard);
  __real___cxa_guard_release(guard);
}
