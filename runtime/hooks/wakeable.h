// SPDX-License-Identifier: MIT
//
// Could a blocked thread go on by itself, because what it waits for has happened already and it only has not
// run yet? Answered from the object's memory. What is not known is "yes".
#ifndef GORDIAN_HOOKS_WAKEABLE_H
#define GORDIAN_HOOKS_WAKEABLE_H

#include "trace/thread_state.h"

namespace gordian::runtime {

/// `caller` asks, with its own wait published and not begun.
bool canGoOn(const ThreadState *t, const ThreadState *caller);

/// Signal handlers that could wake a waiting thread, and a debugger: from /proc/self/status. True when in
/// doubt.
bool outsiderCanWake();

/// Threads of the process according to the kernel.
uint32_t kernelThreads();

} // namespace gordian::runtime

#endif
