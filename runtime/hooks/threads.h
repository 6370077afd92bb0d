// SPDX-License-Identifier: MIT
//
// What the rest of the hooks needs of thread_hooks.cpp.
#ifndef GORDIAN_HOOKS_THREADS_H
#define GORDIAN_HOOKS_THREADS_H

#include "trace/chains.h"

namespace gordian::runtime {

/// Once, at start.
void prepareThreads();

void nameThread(ThreadState *t, trace::ThreadIndex index, const char *name);

/// Threads in a join just now.
extern uint32_t joinsWaiting;

void resetThreadLock(); // in the child of a fork

} // namespace gordian::runtime

#endif
