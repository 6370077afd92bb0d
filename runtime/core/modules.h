// SPDX-License-Identifier: MIT
//
// The modules of the process: where they lie, which file and build they are, where their unwind tables are.
//
// A module is kept for ever, with the generation in which it came and the one in which it went, because call
// stacks captured before a dlclose must still be resolved afterwards. The table is append-only and read
// without a lock.
//
// Reading the dynamic loader's list takes the loader's lock. That is done only at start and after dlopen or
// dlclose, in the thread that just had that lock, so that no new lock order comes into the program. A program
// counter in a module that came otherwise (the C library opens some itself) is looked up with glibc 2.35's
// lock-free _dl_find_object.
#ifndef GORDIAN_CORE_MODULES_H
#define GORDIAN_CORE_MODULES_H

#include "core/futex_lock.h"

#include <cstddef>
#include <cstdint>

namespace gordian::runtime {

struct Module {
  uintptr_t base;             // load bias
  uintptr_t begin, end;       // extent of its segments
  const uint8_t *unwindTable; // .eh_frame_hdr, null: none
  const char *path;
  uint32_t loaded;   // generation
  uint32_t unloaded; // generation, 0: still there
  uint8_t buildIdSize;
  uint8_t buildId[27];
};

/// Told of each module that came (or went). Called with the table's lock held: it must not come back here.
using ModuleSink = void (*)(const Module &module, bool loaded);

/// Reads the loader's list; the sink hears the differences. Call it at start and after dlopen or dlclose.
void readModules(ModuleSink sink);

/// Tells `sink` of all that are there: for a new trace after fork.
void tellModules(ModuleSink sink);

/// The module at `pc`, null where there is none. Safe in signal handlers; takes no lock but for a module seen
/// for the first time.
const Module *findModule(uintptr_t pc);

/// Counts the changes of the table; stored with each captured stack.
uint32_t moduleGeneration();

extern FutexLock modulesLock; // of the table

} // namespace gordian::runtime

#endif
