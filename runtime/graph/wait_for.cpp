// SPDX-License-Identifier: MIT
#include "graph/wait_for.h"

namespace gordian::runtime {

/// Breadth-first search, so that the circle is a shortest one: it names no bystanders.
uint32_t findCircle(const WaitGraph &graph, uint32_t start, uint32_t *scratch, uint32_t circle[kMaxCircle]) {
  uint32_t *queue = scratch;
  uint32_t *from = scratch + graph.size; // the node by which one was reached, plus 1; 0: not reached
  uint32_t *distance = scratch + 2 * size_t(graph.size);
  for (uint32_t i = 0; i < graph.size; i++)
    from[i] = 0;
  uint32_t head = 0, tail = 0;
  queue[tail++] = start;
  distance[start] = 0;
  while (head < tail) {
    const uint32_t at = queue[head++];
    if (graph.waits(at, start, graph.data)) {
      const uint32_t length = distance[at] + 1;
      if (length > kMaxCircle)
        return 0;
      for (uint32_t i = length, node = at; i-- > 0; node = from[node] - 1)
        circle[i] = node;
      return length;
    }
    for (uint32_t to = 0; to < graph.size; to++) {
      if (to == start || from[to] || !graph.waits(at, to, graph.data))
        continue;
      from[to] = at + 1;
      distance[to] = distance[at] + 1;
      queue[tail++] = to;
    }
  }
  return 0;
}

} // namespace gordian::runtime
