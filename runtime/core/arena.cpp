// SPDX-License-Identifier: MIT
#include "core/arena.h"

namespace gordian::runtime {

constinit Arena arena;
constinit FutexLock arenaLock;

void *Arena::allocate(size_t size) {
  size = (size + 15) & ~size_t(15);
  if (size > kBlock / 4)
    return mapMemory(size);
  Locked locked(arenaLock);
  if (!locked)
    return nullptr;
  if (size_t(end_ - next_) < size) {
    char *block = static_cast<char *>(mapMemory(kBlock));
    if (!block)
      return nullptr;
    next_ = block;
    end_ = block + kBlock;
  }
  void *p = next_;
  next_ += size;
  return p;
}

} // namespace gordian::runtime
