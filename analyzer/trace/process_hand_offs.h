// SPDX-License-Identifier: MIT
//
// Hand-offs between processes. Each process keeps its own clock, so what one tells another orders nothing in
// the trace; but that it may have told is seen: it wrote to a pipe or gave back a file lock, posted a
// process-shared semaphore, arrived at a barrier or notified a condition, and the other one waited.
#ifndef GORDIAN_TRACE_PROCESS_HAND_OFFS_H
#define GORDIAN_TRACE_PROCESS_HAND_OFFS_H

#include "trace/recording.h"

namespace gordian::trace {

/// May one of the nodes be over, in one process, before another begins in another?
bool handedToProcess(const Recording &r, const std::vector<uint32_t> &nodes);

} // namespace gordian::trace

#endif
