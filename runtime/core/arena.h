// SPDX-License-Identifier: MIT
//
// Memory for the runtime. A hook runs inside malloc's callers, and inside malloc itself where an allocator
// locks, so everything comes from mmap. Two shapes are enough: a bump arena for small things that live as
// long as the process (call sites, side-table entries, module names), and whole mappings for tables that grow
// by doubling.
#ifndef GORDIAN_CORE_ARENA_H
#define GORDIAN_CORE_ARENA_H

#include "core/futex_lock.h"

#include <cstddef>
#include <cstdint>
#include <new>

namespace gordian::runtime {

/// Any thread may allocate; nothing is freed. Zeroed, aligned to 16. Null when memory is out or when a signal
/// handler interrupts an allocation of its own thread.
class Arena {
public:
  constexpr Arena() = default;
  void *allocate(size_t size);

  template <class T>
  T *make() {
    void *p = allocate(sizeof(T));
    return p ? new (p) T() : nullptr;
  }

private:
  static constexpr size_t kBlock = 256 * 1024;
  char *next_ = nullptr;
  char *end_ = nullptr;
};

extern Arena arena;
extern FutexLock arenaLock;

} // namespace gordian::runtime

#endif
