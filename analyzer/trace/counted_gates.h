// SPDX-License-Identifier: MIT
//
// Semaphores with several units as gates: four of five philosophers are let in, and no ring of five closes. A
// cycle needs each of its members inside; where they are more than the semaphore had units to begin with, one
// of them waits outside.
//
// A unit that is taken and given back has no place in the held locks. That an acquisition lies between the
// two is told by the thread's own operations: both calls and the acquisition stand in one function (or below
// it), in that order by address, as hand_offs.h has it. Errs: a post before the acquisition on another path
// through the code is taken for none (may miss); a semaphore that is wrapped by code without calls to
// sem_wait and sem_post (C++20) is not seen here (hand_offs.h makes a hint of such a cycle).
#ifndef GORDIAN_TRACE_COUNTED_GATES_H
#define GORDIAN_TRACE_COUNTED_GATES_H

#include "trace/stacks.h"

#include <set>

namespace gordian::trace {

class CountedGates {
public:
  CountedGates() = default;
  /// Looks at these nodes; others are inside of nothing.
  CountedGates(const Recording &recording, Stacks &stacks, const std::vector<uint32_t> &nodes);

  /// Are more of these acquisitions (of different threads) inside of one semaphore than it has units?
  bool exclude(const std::vector<uint32_t> &nodes) const;

private:
  struct Gate {
    uint32_t units = 0;
    std::set<uint32_t> nodes; // inside
  };
  std::vector<Gate> gates;
};

} // namespace gordian::trace

#endif
