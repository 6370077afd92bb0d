// SPDX-License-Identifier: MIT
//
// Walks a call stack by the modules' .eh_frame tables, without frame pointers, without libgcc, without a
// lock, without allocating: it can run in any hook and in a signal handler. libgcc's own unwinder does the
// same work but initialises itself through pthread_once (which we hook) and, before glibc 2.35, takes the
// loader's lock.
//
// The rules come from .eh_frame_hdr (binary search for the function), then the function's CIE and FDE
// programs, run up to the program counter: DWARF 5, section 6.4; "Linux Standard Base Core", chapter 10.6.
// Expressions are evaluated as far as procedure linkage tables and signal frames need them. May stop early
// (hand-written assembly without tables, generated code): then the stack is marked incomplete; it is never
// guessed.
#ifndef GORDIAN_CORE_UNWIND_H
#define GORDIAN_CORE_UNWIND_H

#include <cstddef>
#include <cstdint>

namespace gordian::runtime {

#if defined(__x86_64__)
constexpr unsigned kRegisters = 17; // DWARF numbers: 0 rax .. 7 rsp .. 15 r15, 16 return address
constexpr unsigned kStackRegister = 7, kFrameRegister = 6;
#elif defined(__aarch64__)
constexpr unsigned kRegisters = 34; // 0 x0 .. 30 lr, 31 sp, 32 pc, 33 reserved
constexpr unsigned kStackRegister = 31, kFrameRegister = 29;
#endif

/// The registers of one frame, as far as they are known.
struct Registers {
  uintptr_t value[kRegisters];
  uintptr_t pc;
};

/// One frame while walking.
struct Frame {
  Registers registers;
  uintptr_t stackHigh; // memory in [stack pointer, stackHigh) may be read; elsewhere it is asked for
  bool callee = false; // registers.pc is a return address (not where a signal interrupted)
  // About the step that led here, set by stepOut.
  uintptr_t cfa;         // of the frame just left
  uintptr_t slot;        // where its return address was found, 0: in a register
  uint32_t functionSize; // of the function just left, 0 unknown
  bool byFramePointer;   // it keeps one
};

/// The caller's registers at this point: call it where the frame to start from is still alive.
#if defined(__x86_64__)
#define GORDIAN_CAPTURE(registers_)                                                                          \
  __asm__ volatile("movq %%rbx, 24(%0)\n\t"                                                                  \
                   "movq %%rbp, 48(%0)\n\t"                                                                  \
                   "movq %%rsp, 56(%0)\n\t"                                                                  \
                   "movq %%r12, 96(%0)\n\t"                                                                  \
                   "movq %%r13, 104(%0)\n\t"                                                                 \
                   "movq %%r14, 112(%0)\n\t"                                                                 \
                   "movq %%r15, 120(%0)\n\t"                                                                 \
                   "leaq 0(%%rip), %%rax\n\t"                                                                \
                   "movq %%rax, 136(%0)\n\t"                                                                 \
                   :                                                                                         \
                   : "r"(&(registers_))                                                                      \
                   : "rax", "memory")
#elif defined(__aarch64__)
#define GORDIAN_CAPTURE(registers_)                                                                          \
  __asm__ volatile("stp x19, x20, [%0, #152]\n\t"                                                            \
                   "stp x21, x22, [%0, #168]\n\t"                                                            \
                   "stp x23, x24, [%0, #184]\n\t"                                                            \
                   "stp x25, x26, [%0, #200]\n\t"                                                            \
                   "stp x27, x28, [%0, #216]\n\t"                                                            \
                   "stp x29, x30, [%0, #232]\n\t"                                                            \
                   "mov x16, sp\n\t"                                                                         \
                   "str x16, [%0, #248]\n\t"                                                                 \
                   "adr x16, .\n\t"                                                                          \
                   "str x16, [%0, #272]\n\t"                                                                 \
                   :                                                                                         \
                   : "r"(&(registers_))                                                                      \
                   : "x16", "memory")
#endif

/// Goes to the caller. False: the outermost frame was reached (`frame.registers.pc` is 0 then) or there are
/// no tables.
bool stepOut(Frame &frame);

/// First instruction of the function that the call with this return address stands in, 0: unknown.
uintptr_t functionOfCall(uintptr_t returnAddress);

} // namespace gordian::runtime

#endif
