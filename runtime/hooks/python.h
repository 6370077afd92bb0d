// SPDX-License-Identifier: MIT
//
// CPython's locks. Up to 3.12 they are semaphores; a lock that is free is taken by sem_trywait, whatever the
// program asked for. The request's nature and its place are known to the interpreter only
// (trace/python_frames.h).
//
// threading.py builds hand-offs out of locks. Those are told by the function that takes them: the lock that
// Condition.wait blocks on and the one that tells of a thread's end are no locks, what their release hands
// over is order; the lock of a Condition is a monitor.
#ifndef GORDIAN_HOOKS_PYTHON_H
#define GORDIAN_HOOKS_PYTHON_H

#include "hooks/entry.h"
#include "trace/python_frames.h"

namespace gordian::runtime {

/// Does the return address lie in the interpreter's code?
bool isPythonCall(CallPoint at);

/// A condition variable of the interpreter itself. They pass the interpreter lock on, which orders every two
/// threads of a program in the run and none of them in the next: no hand-off of the program's.
bool isInterpreterSwitch(CallPoint at);

/// The call key, extended by the innermost Python frames: C call sites do not tell Python lines apart.
uint64_t pythonSite(uint64_t site);

/// What the program asked for, where the C call was `called`.
Wait pythonIntent(Wait called);

/// Is this acquisition by a lock object of the program's (threading.Lock, RLock), and not by another part of
/// the interpreter, as SimpleQueue, that builds a hand-off out of the same semaphore? Told by the C function
/// that asks: those of lock objects are learnt where a `with` statement asks. (Not yet learnt: no lock, may
/// miss.)
bool isLockObject(ThreadState *t, CallPoint at);

enum class PythonRole : uint8_t { Lock, Handoff, ConditionLock };
PythonRole pythonRole();

} // namespace gordian::runtime

#endif
