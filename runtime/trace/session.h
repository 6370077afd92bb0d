// SPDX-License-Identifier: MIT
//
// Recording of one process, from its first event to its end: opening the trace when there is something to say
// (a shell that never locks leaves no file), the modules, fork.
#ifndef GORDIAN_TRACE_SESSION_H
#define GORDIAN_TRACE_SESSION_H

#include "trace/thread_state.h"

namespace gordian::runtime {

/// Opens the trace where it is not. False: it cannot be; recording is off.
bool openSession();

/// After dlopen and dlclose.
void rereadModules();

/// Around a fork: no other thread is in the middle of a change to what the child will inherit.
void holdForFork();
void releaseAfterFork();

/// In the child of a fork, by its only thread (null: not attached): everything refers to the parent's file
/// and is forgotten. The child's own file is opened at its next event, if there is one before it becomes
/// another program.
void forkSession(ThreadState *t);

/// Every fork runs our handlers but _Fork and a clone by system call. Such a child is told by memory that the
/// kernel clears in it, at its first event; forkSession is called then.
extern uint32_t *forkMark;
inline bool forkedUnseen() {
  const uint32_t *mark = __atomic_load_n(&forkMark, __ATOMIC_ACQUIRE);
  return __builtin_expect(__atomic_load_n(mark, __ATOMIC_RELAXED) == 0, 0);
}

/// What hooks/ has to forget in the child of a fork.
extern void (*forgetInChild)();

/// Gives the forked thread its place in the new file.
void joinSession(ThreadState *t);

/// The process leaves. `status` counts for Exited and QuickExit.
void endSession(trace::EndState how, int status);

/// exec failed: it goes on.
void resumeSession();

/// Arranges that endThread is called when the calling thread ends; set by hooks/.
extern void (*watchThreadEnd)(ThreadState *t);

} // namespace gordian::runtime

#endif
