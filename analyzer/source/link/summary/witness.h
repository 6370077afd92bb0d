// SPDX-License-Identifier: MIT
//
// Witnesses: the chain of places that proves an operation, from the call in the outermost function down to
// the library function's call. Nodes are shared: a caller's witness is one node in front of its callee's.
#ifndef GORDIAN_SOURCE_LINK_SUMMARY_WITNESS_H
#define GORDIAN_SOURCE_LINK_SUMMARY_WITNESS_H

#include "source/link/program/program.h"

#include <vector>

namespace gordian::link {

using WitnessId = uint32_t;

struct WitnessNode {
  FunctionId function = kNone;
  uint32_t site = 0;       // instruction (or block end) of the function
  WitnessId inner = kNone; // in the callee, kNone: the operation itself
  uint32_t length = 1;
};

class Witnesses {
public:
  WitnessId add(FunctionId f, uint32_t site, WitnessId inner = kNone) {
    uint32_t length = inner == kNone ? 1 : nodes[inner].length + 1;
    nodes.push_back({f, site, inner, length});
    return static_cast<WitnessId>(nodes.size() - 1);
  }
  const WitnessNode &operator[](WitnessId w) const { return nodes[w]; }
  /// The operation's own node.
  const WitnessNode &innermost(WitnessId w) const {
    while (nodes[w].inner != kNone)
      w = nodes[w].inner;
    return nodes[w];
  }

private:
  std::vector<WitnessNode> nodes;
};

} // namespace gordian::link

#endif
