// SPDX-License-Identifier: MIT
//
// The way into a hook.
#ifndef GORDIAN_HOOKS_ENTRY_H
#define GORDIAN_HOOKS_ENTRY_H

#include "trace/chains.h"

namespace gordian::runtime {

/// How a function waits for what it asks for.
enum class Wait : uint8_t { None, Block, Try, Timed };

/// Finds the real functions and starts recording; from the library's constructor, or from a hook that is
/// called before it.
void start();
extern bool started;

/// This thread's state, null where the hook shall only forward.
inline ThreadState *enter() {
  ThreadState *t = hot.state;
  if (__builtin_expect(t != nullptr, 1))
    return t;
  if (attachment != Attachment::Fresh)
    return nullptr;
  if (__builtin_expect(!started, 0))
    start();
  return attachThread();
}

} // namespace gordian::runtime

#endif
