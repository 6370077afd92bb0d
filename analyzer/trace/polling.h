// SPDX-License-Identifier: MIT
//
// Flags that are waited for in a loop. `while (!done) sleep();` makes no call that a run could see, be `done`
// a C atomic, a volatile or a variable that is read under a mutex. The machine code shows it: which variables
// at fixed addresses are read in a loop that ends before a place, and which are written after it. A spin lock
// made of an atomic exchange is such a variable too, on both sides.
//
// Reads and writes of functions that are called directly, in the same module, count where they are called. A
// loop that merely reads a variable passes for one that waits for it (may miss).
//
// What is reached through a pointer has no address. There a loop counts that does nothing but read one place
// behind a pointer that stays the same and is given to nobody, and sleep; the place is known by its distance
// from the pointer, and so is what the other thread writes (may miss). Code without optimisation keeps its
// pointers in memory: there nothing is known (may cry wolf).
#ifndef GORDIAN_TRACE_POLLING_H
#define GORDIAN_TRACE_POLLING_H

#include <cstdint>
#include <set>

namespace llvm {
class DWARFContext;
namespace object {
class ObjectFile;
}
} // namespace llvm

namespace gordian::trace {

/// Addresses in the module's file.
struct Polling {
  std::set<uint64_t> readBefore; // in a loop, and not merely written in it
  std::set<uint64_t> writtenAfter;
  std::set<int64_t> readBeforeIn, writtenAfterIn; // through a pointer, and how far behind it
};

Polling pollingAround(const llvm::object::ObjectFile &object, llvm::DWARFContext &context, uint64_t place);

} // namespace gordian::trace

#endif
