// SPDX-License-Identifier: MIT
//
// Threads that are about to block: they say so in their slot of the trace's wait table, look whether they
// close a circle, and take it back when they go on. trace/format.h (WaitSlot) has the protocol for other
// eyes, docs/runtime.md the whole story.
#ifndef GORDIAN_HOOKS_WAITS_H
#define GORDIAN_HOOKS_WAITS_H

#include "trace/chains.h"

#include <pthread.h>

namespace gordian::runtime {

struct WaitFacts {
  trace::ObjectKind kind;
  trace::Mode mode = trace::Mode::Exclusive;
  uint8_t flags = 0; // trace::kWait*
  trace::Ref object = trace::kNoRef;
  const void *address = nullptr;
  trace::Ref held = trace::kNoRef;
  trace::Ref context = trace::kNoRef;
  uint32_t peer = 0;
  uint32_t signals = 0; // of the condition or event, now
};

/// Publishes the wait; for one without time limit, looks for a circle and for a global stall. Returns the
/// wait's number, 0 where nothing was published (inside another wait, in a signal handler): then endWait does
/// nothing.
uint32_t beginWait(const Recording &r, const WaitFacts &facts);
void endWait(ThreadState *t, uint32_t number);

/// The calling thread ends: is everybody else blocked for good?
void checkStallAtEnd(const Recording &r);
void hasEnded(); // after that, when it no longer counts as live

/// In the child of a fork.
void forgetWaits();

/// Threads on their way from pthread_create to their first instruction.
extern uint32_t threadsStarting;

/// Calls `call`, a cancellation point; `handler(argument)` runs where the thread is cancelled in it. Without
/// exceptions the macros of pthread.h need no personality routine and no C++ library. A frame of its own,
/// since nothing may live across their jump.
template <class Real>
__attribute__((noinline)) int callCancellable(void (*handler)(void *), void *argument, Real call) {
  int result;
  pthread_cleanup_push(handler, argument);
  result = call();
  pthread_cleanup_pop(0);
  return result;
}

} // namespace gordian::runtime

#endif
