// SPDX-License-Identifier: MIT
//
// Replay: the recording of a run -> Facts. What happened becomes a fact as it is; what the checks are to
// combine (the lock-order graph) becomes Acquires together with an Order that knows happens-before.
//
// Acquires are delivered where they can matter: of locks on a cycle of the lock-order graph. Symbols are
// looked up for those alone, so that the cost of a report follows from what is in it and not from what ran.
//
// Which way it errs:
//   - "the notifier needs this lock first" is concluded from what a notifying thread did earlier in the same
//   function (may
//     cry wolf where that was another branch), "the poster needs it" from what a posting thread did before
//     its first post;
//   - a lock of CPython's that another thread releases is a signal, not a lock: no misuse is said of it (may
//   miss);
//   - a lock held where exit() is called inside its critical section is no leak.
#ifndef GORDIAN_TRACE_REPLAY_H
#define GORDIAN_TRACE_REPLAY_H

#include "facts/facts.h"
#include "trace/reader.h"
#include "trace/symbolize.h"
#include "trace/watch.h"

namespace gordian::trace {

/// `files`: the processes of a run, or of several runs. `shared`: deadlocks across processes that were seen
/// while they ran (no trace holds them).
facts::Facts replay(std::vector<TraceFile> files, Symbolizer &symbolizer,
                    const std::vector<SharedCycle> &shared = {});

} // namespace gordian::trace

#endif
