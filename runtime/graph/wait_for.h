// SPDX-License-Identifier: MIT
//
// The wait-for graph: which threads block each other?
//
// A plain algorithm over a snapshot: no locks, no allocation, no knowledge of threads or traces. The caller
// (hooks/waits.cpp) collects the blocked threads, says which of them waits for which, and confirms what is
// found by a second snapshot.
//
// A thread that waits for a lock waits for every thread that holds it in a conflicting mode; one that never
// goes on is enough to block it (the AND model: readers must all leave). So threads block each other for good
// exactly where the graph has a circle, and depth-first search from the thread that has just blocked finds
// one, if it is part of one: of several that close a circle the last one always is.
#ifndef GORDIAN_GRAPH_WAIT_FOR_H
#define GORDIAN_GRAPH_WAIT_FOR_H

#include <cstddef>
#include <cstdint>

namespace gordian::runtime {

/// Nodes are 0 .. size-1. `waits(from, to, data)`: is `from` kept waiting by `to`?
struct WaitGraph {
  uint32_t size;
  bool (*waits)(uint32_t from, uint32_t to, const void *data);
  const void *data;
};

constexpr uint32_t kMaxCircle = 64;

/// The shortest circle through `start`, in order: each waits for the next one, the last for the first.
/// `scratch` has room for 3 * size words. Returns its length, 0: there is none (or it is longer than
/// kMaxCircle).
uint32_t findCircle(const WaitGraph &graph, uint32_t start, uint32_t *scratch, uint32_t circle[kMaxCircle]);

} // namespace gordian::runtime

#endif
