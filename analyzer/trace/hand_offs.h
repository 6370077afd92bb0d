// SPDX-License-Identifier: MIT
//
// Hand-offs that a run cannot see. libstdc++'s latches, barriers, semaphores, futures and atomics are inline
// code that makes a system call only where somebody sleeps; a hand-off whose receiver came late leaves no
// trace. But the program's debug information tells which of their functions stand in the code that ran:
// inlined, or called.
//
// For a place in a function: which kinds are waited for before it, which are signalled after it. A thread
// that signals after its acquisition and another that waits before its own, on the same kind, may be ordered.
//
// Before and after are by address, and which object it is about is not looked at (may miss: what is taken for
// a hand-off becomes a hint). Code without optimisation has no call sites in its debug information, and C has
// no names for atomics (may cry wolf).
#ifndef GORDIAN_TRACE_HAND_OFFS_H
#define GORDIAN_TRACE_HAND_OFFS_H

#include <cstdint>
#include <string_view>

namespace llvm {
class DWARFContext;
}

namespace gordian::trace {

constexpr uint8_t kStream = 64;     // the C library's, if some channel is behind one
constexpr uint8_t kInterrupt = 128; // a signal, whose handler may set any variable

/// Bits are kinds of objects.
struct HandOffs {
  uint8_t waitsBefore = 0;
  uint8_t signalsAfter = 0;
};

/// May what signals like `earlier` be ordered before what waits like `later`? On one kind of object; or over
/// a thread between them that waits for the one and signals the other. A flag alone starts no such chain:
/// almost everybody reads and writes some atomic, or some stream.
bool mayOrder(const HandOffs &earlier, const HandOffs &later);

/// In the whole function (not the inlined one) around the address.
HandOffs handOffsAround(llvm::DWARFContext &context, uint64_t address);

/// Is it one of the library's functions that run a task and then set its future? Then its bit, else 0.
uint8_t setsFuture(std::string_view function);

} // namespace gordian::trace

#endif
