// SPDX-License-Identifier: MIT
//
// syscall(SYS_futex, ...): what libstdc++'s semaphores, latches, barriers and atomic waits are made of, and
// home-made locks. Only contended operations come by here: a wait that sleeps, a wake that finds sleepers.
// Every other system call is passed on by a jump, so that calls which return twice or on another stack work
// as ever.
//
// May miss: a hand-off that nobody had to wait for is not seen (the analyser treats threads that use such
// objects with care).
#include "hooks/entry.h"
#include "hooks/real.h"
#include "hooks/waits.h"
#include "trace/contexts.h"
#include "trace/order.h"
#include "trace/writer.h"

#include <cerrno>
#include <cstdarg>
#include <linux/futex.h>
#include <sys/syscall.h>

namespace gordian::runtime {

using namespace gordian::trace;

namespace {

struct FutexArguments {
  uint32_t *word;
  long operation, value, timeout, word2, value3;
};

Object *futexAt(const Recording &r, const void *word, CallPoint at, uint64_t site) {
  Object *o = objectAt(word);
  if (o)
    identify(r.thread(), o, {ObjectKind::Futex}, at, site);
  return o;
}

template <class Real>
long waitOn(ThreadState *t, const FutexArguments &a, CallPoint at, Real call) {
  uint32_t number = 0, signals = 0;
  Object *o = nullptr;
  if (Recording r(t); r) {
    const uint64_t site = callKey(at, t->stack);
    o = futexAt(r, a.word, at, site);
    if (o) {
      signals = o->signals;
      OperationFacts facts = {OperationKind::FutexWait, uint8_t(a.timeout ? kOperationTimed : 0)};
      facts.object = o->lock;
      recordOperation(r, facts, at, site);
      WaitFacts wait = {ObjectKind::Futex};
      wait.flags =
          uint8_t((a.timeout ? kWaitTimed : 0) | (a.operation & FUTEX_PRIVATE_FLAG ? 0 : kWaitShared));
      wait.object = o->lock;
      wait.address = a.word;
      wait.held = heldNode(r);
      wait.context = contextAt(t, at, site);
      wait.peer = uint32_t(a.value);
      number = beginWait(r, wait);
    }
  }
  const long result = call();
  const int error = errno;
  endWait(t, number);
  // EAGAIN: the word had changed already, so the hand-off came before the sleep.
  if (o && (result == 0 || error == EAGAIN) && (o->signals != signals || result != 0))
    if (Recording r(t); r)
      absorbFrom(t, OrderKind::Futex, o);
  errno = error;
  return result;
}

void waking(ThreadState *t, const FutexArguments &a, CallPoint at) {
  Recording r(t);
  if (!r)
    return;
  const uint64_t site = callKey(at, t->stack);
  Object *o = futexAt(r, a.word, at, site);
  if (!o)
    return;
  OperationFacts facts = {OperationKind::FutexWake};
  facts.object = o->lock;
  recordOperation(r, facts, at, site);
  publishAt(t, o);
  __atomic_fetch_add(&o->signals, 1, __ATOMIC_RELEASE);
}

long futex(const FutexArguments &a, CallPoint at) {
  auto call = [&] {
    return GORDIAN_REAL(syscall)(SYS_futex, a.word, a.operation, a.value, a.timeout, a.word2, a.value3);
  };
  ThreadState *t = enter();
  if (!t || !a.word)
    return call();
  switch (a.operation & FUTEX_CMD_MASK) {
  case FUTEX_WAIT:
  case FUTEX_WAIT_BITSET:
    return waitOn(t, a, at, call);
  case FUTEX_WAKE:
  case FUTEX_WAKE_BITSET:
    waking(t, a, at);
    return call();
  default:
    return call();
  }
}

} // namespace

extern "C" __attribute__((visibility("hidden"), used)) long
gordianFutex(long, uint32_t *word, long operation, long value, long timeout, long word2, long value3) {
  return futex({word, operation, value, timeout, word2, value3}, GORDIAN_CALL_POINT());
}

extern "C" __attribute__((visibility("hidden"), used)) void *gordianRealSyscall() {
  return reinterpret_cast<void *>(GORDIAN_REAL(syscall));
}

#if defined(__x86_64__)
// The arguments stay where they are; only for a futex does a C function see them. (The seventh is on the
// stack, as in any call.)
__asm__(".pushsection .text\n"
        ".globl syscall\n"
        ".type syscall, @function\n"
        "syscall:\n"
        ".cfi_startproc\n"
        "endbr64\n"
        "cmpq $202, %rdi\n" // SYS_futex
        "je gordianFutex\n"
        "movq gordianSyscallPointer(%rip), %rax\n"
        "testq %rax, %rax\n"
        "je 1f\n"
        "jmp *%rax\n"
        "1:\n"
        "pushq %rdi\n.cfi_adjust_cfa_offset 8\n"
        "pushq %rsi\n.cfi_adjust_cfa_offset 8\n"
        "pushq %rdx\n.cfi_adjust_cfa_offset 8\n"
        "pushq %rcx\n.cfi_adjust_cfa_offset 8\n"
        "pushq %r8\n.cfi_adjust_cfa_offset 8\n"
        "pushq %r9\n.cfi_adjust_cfa_offset 8\n"
        "subq $8, %rsp\n.cfi_adjust_cfa_offset 8\n"
        "call gordianRealSyscall\n"
        "movq %rax, gordianSyscallPointer(%rip)\n"
        "addq $8, %rsp\n.cfi_adjust_cfa_offset -8\n"
        "popq %r9\n.cfi_adjust_cfa_offset -8\n"
        "popq %r8\n.cfi_adjust_cfa_offset -8\n"
        "popq %rcx\n.cfi_adjust_cfa_offset -8\n"
        "popq %rdx\n.cfi_adjust_cfa_offset -8\n"
        "popq %rsi\n.cfi_adjust_cfa_offset -8\n"
        "popq %rdi\n.cfi_adjust_cfa_offset -8\n"
        "jmp *%rax\n"
        ".cfi_endproc\n"
        ".size syscall, .-syscall\n"
        ".popsection\n"
        ".pushsection .bss\n"
        ".balign 8\n"
        "gordianSyscallPointer:\n"
        ".zero 8\n"
        ".popsection\n");
static_assert(SYS_futex == 202);
#else
GORDIAN_HOOK(syscall, long, (long object, ...)) {
  va_list list;
  va_start(list, object);
  long a[6];
  for (long &value : a)
    value = va_arg(list, long);
  va_end(list);
  if (object == SYS_futex)
    return futex({reinterpret_cast<uint32_t *>(a[0]), a[1], a[2], a[3], a[4], a[5]}, GORDIAN_CALL_POINT());
  return GORDIAN_REAL(syscall)(object, a[0], a[1], a[2], a[3], a[4], a[5]);
}
#endif

} // namespace gordian::runtime
