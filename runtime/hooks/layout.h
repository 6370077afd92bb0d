// SPDX-License-Identifier: MIT
//
// Is the C library's pthread_mutex_t laid out as the runtime expects? Asked once at start, by trying.
#ifndef GORDIAN_HOOKS_LAYOUT_H
#define GORDIAN_HOOKS_LAYOUT_H

#include <cstddef>

namespace gordian::runtime {

constexpr size_t kBarrierCount = 8; // glibc's struct pthread_barrier: in, current_round, count

inline bool spinIsFree(int value) {
#if defined(__x86_64__)
  return value > 0;
#else
  return value == 0;
#endif
}

/// True where the fields that hold identities keep what is written into them over every operation, and lock
/// word and owner are where they are read.
bool layoutIsKnown();

} // namespace gordian::runtime

#endif
