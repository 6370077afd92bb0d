// SPDX-License-Identifier: MIT
//
// Is the C library's pthread_mutex_t laid out as the runtime expects? Asked once at start, by trying.
#ifndef GORDIAN_HOOKS_LAYOUT_H
#define GORDIAN_HOOKS_LAYOUT_H

#include <cstddef>
#include <cstdint>

namespace gordian::runtime {

// glibc's struct pthread_barrier: in, current_round, count, shared
constexpr size_t kBarrierCount = 8, kBarrierShared = 12;

inline bool spinIsFree(int value) {
#if defined(__x86_64__)
  return value > 0;
#else
  return value == 0;
#endif
}

// glibc's pthread_rwlock_t::__readers.
constexpr uint32_t kWritePhase = 1, kWriteLocked = 2, kReadersWait = 4;
constexpr uint32_t kReaderShift = 3;

/// Can a reader not pass? A writer takes kWriteLocked before the readers that are inside have left; until
/// they have, the lock stays in their phase and, unless its kind prefers writers, lets more of them in.
inline bool keepsReadersOut(uint32_t readers) {
  return (readers & (kWritePhase | kWriteLocked)) == (kWritePhase | kWriteLocked);
}

/// Does another process use it too? Its place in the object differs between glibc's versions: false until
/// findSharedMark() has looked.
bool isProcessShared(const void *condition);
void findSharedMark();

/// True where the fields that hold identities keep what is written into them over every operation, and lock
/// word and owner are where they are read.
bool layoutIsKnown();

/// Sets what free_lock.h may take in this process: where the real functions are the C library's own, and each
/// side was seen to give back what the other had taken.
void tryFreeLocks();

} // namespace gordian::runtime

#endif
