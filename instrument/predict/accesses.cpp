// SPDX-License-Identifier: MIT
//
// The calls that ThreadSanitizer's instrumentation makes before each access of memory, wrapped by the linker
// (--wrap).
#include "predict/agent.h"

namespace gordian::predict {

namespace {

// Longer ones are noted as what uninstrumented code does: a cell at a time they would cost more than they
// tell.
constexpr size_t kLongest = 4096;

__attribute__((noinline)) void note(Agent &agent, uintptr_t address, size_t size, bool write, uintptr_t pc) {
  Inside inside(agent);
  if (!inside.entered)
    return;
  settle(agent);
  if (agent.ignored)
    return;
  if (size > kLongest)
    return engine.opaque(*agent.thread);
  cells.access(*agent.thread, address, unsigned(size), write, agent.calls.context(contexts, pc));
}

/// An access that lies within eight aligned bytes, and mostly adds nothing.
inline void one(const void *memory, unsigned size, bool write, uintptr_t pc) {
  Agent *agent = awake();
  if (!agent || engine.alone())
    return;
  const uintptr_t address = addressOf(memory);
  if (agent->pending != Agent::Pending::None ||
      !cells.known(*agent->thread, address, Cells::maskOf(address, size), write))
    note(*agent, address, size, write, pc);
}

inline void several(const void *memory, size_t size, bool write, uintptr_t pc) {
  Agent *agent = awake();
  if (agent && size && !engine.alone())
    note(*agent, addressOf(memory), size, write, pc);
}

} // namespace

} // namespace gordian::predict

using namespace gordian::predict;

#define WRAP_ACCESS(name, how, size, write)                                                                  \
  extern "C" void __real___tsan_##name(void *);                                                              \
  GORDIAN_VISIBLE void __wrap___tsan_##name(void *address) {                                                 \
    how(address, size, write, GORDIAN_RETURN_ADDRESS);                                                       \
    __real___tsan_##name(address);                                                                           \
  }

WRAP_ACCESS(read1, one, 1, false)
WRAP_ACCESS(read2, one, 2, false)
WRAP_ACCESS(read4, one, 4, false)
WRAP_ACCESS(read8, one, 8, false)
WRAP_ACCESS(read16, several, 16, false)
WRAP_ACCESS(write1, one, 1, true)
WRAP_ACCESS(write2, one, 2, true)
WRAP_ACCESS(write4, one, 4, true)
WRAP_ACCESS(write8, one, 8, true)
WRAP_ACCESS(write16, several, 16, true)
WRAP_ACCESS(unaligned_read2, several, 2, false)
WRAP_ACCESS(unaligned_read4, several, 4, false)
WRAP_ACCESS(unaligned_read8, several, 8, false)
WRAP_ACCESS(unaligned_read16, several, 16, false)
WRAP_ACCESS(unaligned_write2, several, 2, true)
WRAP_ACCESS(unaligned_write4, several, 4, true)
WRAP_ACCESS(unaligned_write8, several, 8, true)
WRAP_ACCESS(unaligned_write16, several, 16, true)
WRAP_ACCESS(vptr_read, one, 8, false)

#define WRAP_RANGE(name, write)                                                                              \
  extern "C" void __real___tsan_##name(void *, unsigned long);                                               \
  GORDIAN_VISIBLE void __wrap___tsan_##name(void *address, unsigned long size) {                             \
    several(address, size, write, GORDIAN_RETURN_ADDRESS);                                                   \
    __real___tsan_##name(address, size);                                                                     \
  }

WRAP_RANGE(read_range, false)
WRAP_RANGE(write_range, true)

extern "C" void __real___tsan_vptr_update(void **, void *);
GORDIAN_VISIBLE void __wrap___tsan_vptr_update(void **pointer, void *value) {
  if (*pointer != value) // each constructor of a hierarchy writes it anew
    one(pointer, 8, true, GORDIAN_RETURN_ADDRESS);
  __real___tsan_vptr_update(pointer, value);
}

#define WRAP_COPY(name)                                                                                      \
  extern "C" void *__real___tsan_##name(void *, const void *, unsigned long);                                \
  GORDIAN_VISIBLE void *__wrap___tsan_##name(void *to, const void *from, unsigned long size) {               \
    several(from, size, false, GORDIAN_RETURN_ADDRESS);                                                      \
    several(to, size, true, GORDIAN_RETURN_ADDRESS);                                                         \
    return __real___tsan_##name(to, from, size);                                                             \
  }

WRAP_COPY(memcpy)
WRAP_COPY(memmove)

extern "C" void *__real___tsan_memset(void *, int, unsigned long);
GORDIAN_VISIBLE void *__wrap___tsan_memset(void *to, int value, unsigned long size) {
  several(to, size, true, GORDIAN_RETURN_ADDRESS);
  return __real___tsan_memset(to, value, size);
}
