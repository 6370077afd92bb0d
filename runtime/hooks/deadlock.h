// SPDX-License-Identifier: MIT
//
// Is this a deadlock? Asked by a thread that has published a wait and is about to block (or to end), so no
// helper thread is needed and nothing is done for those that do not block.
//
// Circle. The blocked threads and what they hold form a graph (graph/wait_for.h). A thread that holds nothing
// and is not awaited by a join cannot be part of a circle and does not look. A circle counts only if all its
// waits are the same 50 ms later; the caller sleeps for that, in a place where it could not go on anyway.
// Semaphores have no owner, anybody may post: only those of CPython, which are its locks, count as held.
//
// Stall. All threads of the process are blocked without time limit in something hooked; nothing that they
// wait for is free, posted, signalled or over; and that stays so for 500 ms. Silent where anything else could
// wake one: signal handlers, process-shared objects, a debugger, threads that no hook knows. May miss, does
// not cry wolf.
#ifndef GORDIAN_HOOKS_DEADLOCK_H
#define GORDIAN_HOOKS_DEADLOCK_H

#include "trace/chains.h"

namespace gordian::runtime {

/// True: there is one, and it is on record.
bool checkCircle(const Recording &r);

/// `waiting`: published waits without time limit, which is all threads (but the calling one, where it ends).
void checkStall(const Recording &r, uint32_t waiting);

} // namespace gordian::runtime

#endif
