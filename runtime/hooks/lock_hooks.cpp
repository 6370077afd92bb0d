// SPDX-License-Identifier: MIT
//
// The bodies of all regular hooks: one for each (object, effect), instantiated by the rows of
// lock_functions.def.
#include "hooks/mutex.h"
#include "hooks/real.h"
#include "hooks/rwlock.h"

namespace gordian::runtime {

namespace {

enum class Effect : uint8_t { Init, Destroy, Acquire, Release };
enum class ObjectClass : uint8_t { Mutex, RwLock, Spin };
enum class RowMode : uint8_t { Exclusive, Shared, Any };

template <class Real>
__attribute__((noinline)) int releaseMutex(pthread_mutex_t *m, CallPoint at, Real call) {
  releaseMutexSlowly(m, at);
  const ThreadState *t = hot.state;
  return t && giveBackMutex(m, t->tid) ? 0 : call();
}

/// One row's body; specialised below for each object and effect.
template <ObjectClass object, Effect effect>
struct Body;

template <>
struct Body<ObjectClass::Mutex, Effect::Acquire> {
  template <auto Function, RowMode, Wait wait, class Lock, class Real, class Known>
  static inline __attribute__((always_inline)) int run(Lock *lock, CallPoint at, Real call, Known) {
    auto *m = reinterpret_cast<pthread_mutex_t *>(lock);
    if (int result; __builtin_expect(acquireFree<kMutexFlags<wait>>(m, at, result), 1))
      return result;
    return acquireMutex<wait>(m, at, call);
  }
};

template <>
struct Body<ObjectClass::Mutex, Effect::Release> {
  template <auto Function, RowMode, Wait, class Lock, class Real, class Known>
  static inline __attribute__((always_inline)) int run(Lock *lock, CallPoint at, Real call, Known known) {
    auto *m = reinterpret_cast<pthread_mutex_t *>(lock);
    if (__builtin_expect(releaseTop(m, at), 1))
      return __builtin_expect(giveBackMutex(m, hot.state->tid), 1) ? 0 : known();
    return releaseMutex(m, at, call);
  }
};

template <>
struct Body<ObjectClass::Mutex, Effect::Init> {
  template <auto Function, RowMode, Wait, class Lock, class Real, class Known>
  static int run(Lock *lock, CallPoint at, Real call, Known) {
    const int result = call();
    if (result == 0)
      initialisedMutex(reinterpret_cast<pthread_mutex_t *>(lock), at,
                       __is_same(Lock, mtx_t) ? uint8_t(trace::kLockC11) : uint8_t(0));
    return result;
  }
};

template <>
struct Body<ObjectClass::Mutex, Effect::Destroy> {
  template <auto Function, RowMode, Wait, class Lock, class Real, class Known>
  static auto run(Lock *lock, CallPoint at, Real call, Known) {
    destroyingMutex(reinterpret_cast<pthread_mutex_t *>(lock), at);
    return call();
  }
};

template <>
struct Body<ObjectClass::RwLock, Effect::Acquire> {
  template <auto Function, RowMode row, Wait wait, class Real, class Known>
  static inline __attribute__((always_inline)) int run(pthread_rwlock_t *lock, CallPoint at, Real call,
                                                       Known known) {
    constexpr trace::Mode mode = row == RowMode::Shared ? trace::Mode::Shared : trace::Mode::Exclusive;
    if constexpr (wait == Wait::Block && mode == trace::Mode::Shared)
      if (int result; __builtin_expect(acquireFreeForReading(lock, at, result), 1))
        return result;
    if constexpr (wait == Wait::Block) {
      constexpr uint32_t kState = kRwLockState<mode, wait>;
      ThreadState *t = hot.state;
      uint64_t site;
      if (trace::Ref id; __builtin_expect(knownCall<mode>(lock, at, t, id, site), 1)) {
        if (__builtin_expect(t->countsClasses, 0))
          return acquireCountedRwLock<mode, wait>(lock, t, site, at, call);
        const uint64_t chain = chainOf(t->heldTop->chain, id, site, kState & kHeldShared);
        if (__builtin_expect(pushKnown(t, t->heldTop, lock, chain, kState), 1))
          return known();
      }
    }
    return acquireRwLock<mode, wait>(lock, at, call);
  }
};

template <class Real>
__attribute__((noinline)) int releaseRwLock(pthread_rwlock_t *l, CallPoint at, Real call) {
  if (ThreadState *t = hot.state)
    releaseSharedSlowly(t, l, placesUsable && !l->__data.__shared, !isUnheld(l),
                        uint32_t(l->__data.__cur_writer), at);
  return call();
}

template <>
struct Body<ObjectClass::RwLock, Effect::Release> {
  template <auto Function, RowMode, Wait, class Real, class Known>
  static inline __attribute__((always_inline)) int run(pthread_rwlock_t *lock, CallPoint at, Real call,
                                                       Known known) {
    if (__builtin_expect(popTop(lock, at), 1))
      return leaveReading(lock) ? 0 : known();
    return releaseRwLock(lock, at, call);
  }
};

template <>
struct Body<ObjectClass::RwLock, Effect::Init> {
  template <auto Function, RowMode, Wait, class Real, class Known>
  static int run(pthread_rwlock_t *lock, CallPoint at, Real call, Known) {
    const int result = call();
    if (result == 0)
      initialisedShared(lock, traitsOf(lock), placesUsable && !lock->__data.__shared, at);
    return result;
  }
};

template <>
struct Body<ObjectClass::RwLock, Effect::Destroy> {
  template <auto Function, RowMode, Wait, class Real, class Known>
  static int run(pthread_rwlock_t *lock, CallPoint at, Real call, Known) {
    destroyingShared(lock, placesUsable && !lock->__data.__shared, !isUnheld(lock), at);
    return call();
  }
};

template <>
struct Body<ObjectClass::Spin, Effect::Acquire> {
  template <auto Function, RowMode, Wait wait, class Real, class Known>
  static inline __attribute__((always_inline)) int run(pthread_spinlock_t *lock, CallPoint at, Real call,
                                                       Known) {
    return acquireSpin<wait>(lock, at, call);
  }
};

template <>
struct Body<ObjectClass::Spin, Effect::Release> {
  template <auto Function, RowMode, Wait, class Real, class Known>
  static inline __attribute__((always_inline)) int run(pthread_spinlock_t *lock, CallPoint at, Real call,
                                                       Known known) {
    const void *address = const_cast<const int *>(lock);
    if (__builtin_expect(popTop(address, at), 1))
      return known();
    if (ThreadState *t = hot.state)
      releaseSharedSlowly(t, address, false, !isFree(lock), 0, at);
    return call();
  }
};

template <>
struct Body<ObjectClass::Spin, Effect::Init> {
  template <auto Function, RowMode, Wait, class Real, class Known>
  static int run(pthread_spinlock_t *lock, CallPoint at, Real call, Known) {
    const int result = call();
    if (result == 0)
      initialisedShared(const_cast<const int *>(lock), {trace::ObjectKind::Spin}, false, at);
    return result;
  }
};

template <>
struct Body<ObjectClass::Spin, Effect::Destroy> {
  template <auto Function, RowMode, Wait, class Real, class Known>
  static int run(pthread_spinlock_t *lock, CallPoint at, Real call, Known) {
    destroyingShared(const_cast<const int *>(lock), false, !isFree(lock), at);
    return call();
  }
};

} // namespace

// `known` serves where the thread's state was found: then start() has been, and the pointer is there.
#define LOCK_FUNCTION(name, result, parameters, arguments, object_, effect, mode, wait)                      \
  GORDIAN_HOOK(name, result, parameters) {                                                                   \
    auto known = [=]() __attribute__((always_inline)) { return real.name arguments; };                       \
    auto call = [=]() __attribute__((always_inline)) { return GORDIAN_REAL(name) arguments; };               \
    return Body<ObjectClass::object_, Effect::effect>::run<&RealFunctions::name, RowMode::mode, Wait::wait>( \
        object, GORDIAN_CALL_POINT(), call, known);                                                          \
  }
#include "hooks/lock_functions.def"

} // namespace gordian::runtime
