// SPDX-License-Identifier: MIT
//
// What other hooks need to know of and do to a mutex: condition waits, monitors.
#ifndef GORDIAN_HOOKS_MUTEX_STATE_H
#define GORDIAN_HOOKS_MUTEX_STATE_H

#include "trace/chains.h"

#include <pthread.h>

namespace gordian::runtime {

trace::Ref identifyMutex(const Recording &r, pthread_mutex_t *m, CallPoint at, uint64_t site);

/// From now on the mutex, held by the calling thread, is a monitor: its releases order its next acquisitions.
void makeMonitor(const Recording &r, pthread_mutex_t *m, trace::Ref condition, trace::MonitorKind kind);

/// The same for one that the caller has released already. Its memory may be gone: it is touched only as far
/// as the kernel says that it is there and still the same lock.
void makeReleasedMonitor(const Recording &r, pthread_mutex_t *m, trace::Ref lock, trace::Ref condition);

/// Takes the entry off the held stack for good, with all its levels, and leaves what a release leaves.
void releaseHeldMutex(ThreadState *t, pthread_mutex_t *m, HeldEntry *e);

/// The state of a monitor; null for a mutex that is none.
Object *monitorOf(const pthread_mutex_t *m);

} // namespace gordian::runtime

#endif
