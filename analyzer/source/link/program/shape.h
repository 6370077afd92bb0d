// SPDX-License-Identifier: MIT
//
// The shape of one function's flow graph, as the analysis needs it: an order of its blocks, its loops, and
// what must be remembered between blocks.
#ifndef GORDIAN_SOURCE_LINK_PROGRAM_SHAPE_H
#define GORDIAN_SOURCE_LINK_PROGRAM_SHAPE_H

#include "source/ir/ir.h"

#include <vector>

namespace gordian::link {

struct Loop {
  ir::Id head = 0;
  std::vector<ir::Id> blocks;     // the head included
  std::vector<bool> storedLocals; // by local: stored to inside, or its address is passed on inside
};

struct Shape {
  std::vector<ir::Id> order;       // reachable blocks, reverse postorder
  std::vector<uint32_t> rank;      // position in `order`, kNone: unreachable
  std::vector<uint32_t> firstSite; // by block: number of its first instruction in the function
  std::vector<Loop> loops;
  std::vector<uint32_t> loopOf;   // by block: the innermost loop, kNone: none
  std::vector<uint32_t> loopAt;   // by block: the loop whose head it is, kNone: none
  std::vector<bool> valueCrosses; // by value: used in another block than that which defines it
  std::vector<std::vector<bool>>
      liveLocals;                   // by block: locals that may be read before they are written, at entry
  std::vector<bool> leadsToHandler; // by block: a landing block from which a handler can be entered
};

Shape shapeOf(const ir::Function &f);

} // namespace gordian::link

#endif
