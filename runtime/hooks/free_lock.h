// SPDX-License-Identifier: MIT
//
// The C library's own way for a free lock, inline: a call of it would cost as much again as the record of the
// acquisition. glibc's protocols:
//   mutex (nptl/pthread_mutex_lock.c, lowlevellock.h): the word is 0 free, 1 taken, 2 taken and waited for;
//   the owner, the number of users and the levels are kept beside it. rwlock (nptl/pthread_rwlock_common.c):
//   while no writer has it or asks for it, a reader adds one to the readers and takes one away.
// Who does not find it so goes the library's way. Used only where the next function in the search order is
// the C library's, and where at start both were seen to take and give back for each other (layout.h).
#ifndef GORDIAN_HOOKS_FREE_LOCK_H
#define GORDIAN_HOOKS_FREE_LOCK_H

#include "core/local.h"
#include "core/sys.h"
#include "hooks/layout.h"

#include <pthread.h>

extern "C" {
/// glibc 2.32: not zero as long as there was never a second thread.
extern char __libc_single_threaded __attribute__((weak));
}

namespace gordian::runtime {

/// The basic kinds, PTHREAD_MUTEX_NORMAL, _RECURSIVE, _ERRORCHECK and _ADAPTIVE_NP: free, they differ in the
/// count of levels alone. What makes a mutex special, or elides it, are higher bits.
constexpr uint32_t kBasicKinds = 4;

/// kBasicKinds, or 0 where no mutex must be taken here.
GORDIAN_LOCAL extern uint32_t kindsTakenHere;

/// May rwlocks be taken for reading here?
GORDIAN_LOCAL extern bool readersTakenHere;

inline bool isTakenHere(uint32_t kind) {
  constexpr uint32_t kNoElision = 512; // PTHREAD_MUTEX_NO_ELISION_NP: an explicit PTHREAD_MUTEX_NORMAL
  return (kind & ~kNoElision) < kindsTakenHere;
}

/// As the C library does: while there is one thread, no operation needs to be atomic.
inline bool isSingleThreaded() {
  return __libc_single_threaded;
}

/// False: nothing has been done. `tid` is the caller's, as the kernel numbers it.
inline __attribute__((always_inline)) bool takeFreeMutex(pthread_mutex_t *m, uint32_t tid) {
  auto &data = m->__data;
  const auto kind = uint32_t(data.__kind);
  if (!isTakenHere(kind))
    return false;
  // Not to be tried: an atomic operation that fails costs as much as one that succeeds.
  if (kind == PTHREAD_MUTEX_RECURSIVE_NP && uint32_t(data.__owner) == tid)
    return false;
  int free = 0;
  if (isSingleThreaded()) {
    if (data.__lock != 0)
      return false;
    data.__lock = 1;
  } else if (!__builtin_expect(__atomic_compare_exchange_n(&data.__lock, &free, 1, false, __ATOMIC_ACQUIRE,
                                                           __ATOMIC_RELAXED),
                               1)) {
    return false;
  }
  data.__count = kind == PTHREAD_MUTEX_RECURSIVE_NP;
  data.__owner = int(tid);
  data.__nusers++;
  return true;
}

/// One level more of a recursive mutex that the caller holds. False: nothing has been done.
inline bool takeLevel(pthread_mutex_t *m) {
  auto &data = m->__data;
  if (!kindsTakenHere || data.__count + 1 == 0)
    return false;
  data.__count++;
  return true;
}

/// Gives back one level. False: nothing has been done; so where the caller is not the owner, which is an
/// error for some kinds.
inline __attribute__((always_inline)) bool giveBackMutex(pthread_mutex_t *m, uint32_t tid) {
  auto &data = m->__data;
  if (!isTakenHere(uint32_t(data.__kind)) || uint32_t(data.__owner) != tid)
    return false;
  if (__builtin_expect(data.__count > 1, 0)) {
    data.__count--;
    return true;
  }
  data.__count = 0;
  data.__owner = 0;
  data.__nusers--;
  if (isSingleThreaded()) {
    data.__lock = 0;
    return true;
  }
  // Behind the exchange the mutex may be gone; as in the C library, only its address is woken.
  if (__builtin_expect(__atomic_exchange_n(&data.__lock, 0, __ATOMIC_RELEASE) > 1, 0))
    futexWake(reinterpret_cast<uint32_t *>(&data.__lock), 1);
  return true;
}

/// Where no reader but `others` may be there. False: nothing has been done.
inline __attribute__((always_inline)) bool takeFreeForReading(pthread_rwlock_t *l, bool others) {
  uint32_t readers = __atomic_load_n(&l->__data.__readers, __ATOMIC_RELAXED);
  constexpr uint32_t kNobody = kReadersWait, kMany = 1u << 30;
  return readersTakenHere && readers < (others ? kMany : kNobody + 1) &&
         !(readers & (kWritePhase | kWriteLocked)) &&
         __atomic_compare_exchange_n(&l->__data.__readers, &readers, readers + (1u << kReaderShift), false,
                                     __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}

/// The caller is a reader. False: nothing has been done; so where somebody waits for it to leave.
inline __attribute__((always_inline)) bool leaveReading(pthread_rwlock_t *l) {
  uint32_t readers = __atomic_load_n(&l->__data.__readers, __ATOMIC_RELAXED);
  return readersTakenHere && readers >> kReaderShift != 0 &&
         !(readers & (kWritePhase | kWriteLocked | kReadersWait)) &&
         __atomic_compare_exchange_n(&l->__data.__readers, &readers, readers - (1u << kReaderShift), false,
                                     __ATOMIC_RELEASE, __ATOMIC_RELAXED);
}

} // namespace gordian::runtime

#endif
