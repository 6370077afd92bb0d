// SPDX-License-Identifier: MIT
//
// Witnesses: the chain of places that proves an operation, from the call in the outermost function down to
// the library function's call. Nodes are shared: a caller's witness is one node in front of its callee's, and
// equal chains are one.
//
// While a component of the call graph is analysed, a chain that goes on in another component is one node: it
// names that component and the node in its list. So what a call brings in does not grow with the depth of the
// calls; the chains are put together when all components are joined.
#ifndef GORDIAN_SOURCE_LINK_SUMMARY_WITNESS_H
#define GORDIAN_SOURCE_LINK_SUMMARY_WITNESS_H

#include "source/link/program/program.h"

#include <algorithm>
#include <vector>

namespace gordian::link {

using WitnessId = uint32_t;

struct WitnessNode {
  FunctionId function = kNone;
  uint32_t site = 0;       // instruction (or block end) of the function
  WitnessId inner = kNone; // in the callee, kNone: the operation itself
  uint32_t length = 1;
  uint32_t part = kNone; // not kNone: this is the node `inner` of the list of another component
};

/// Witnesses that are not looked up again.
class WitnessList {
public:
  size_t size() const { return nodes.size(); }
  const WitnessNode &operator[](WitnessId w) const { return nodes[w]; }
  /// The operation's own node.
  const WitnessNode &innermost(WitnessId w) const {
    while (nodes[w].inner != kNone)
      w = nodes[w].inner;
    return nodes[w];
  }
  /// A node whose `inner` is of this list.
  WitnessId put(const WitnessNode &n) {
    nodes.push_back(n);
    return static_cast<WitnessId>(nodes.size() - 1);
  }

protected:
  std::vector<WitnessNode> nodes;
};

class Witnesses : public WitnessList {
public:
  WitnessId add(FunctionId f, uint32_t site, WitnessId inner = kNone) {
    return put({f, site, inner, inner == kNone ? 1 : nodes[inner].length + 1, kNone});
  }
  WitnessId put(const WitnessNode &n) {
    if (2 * nodes.size() >= table.size())
      grow();
    WitnessId &known = table[placeOf(n)];
    return known != kNone ? known : known = WitnessList::put(n);
  }

private:
  size_t placeOf(const WitnessNode &n) const {
    uint64_t h = (uint64_t(n.function) << 32 | n.site) * 0x9e3779b97f4a7c15ull;
    h = (h ^ h >> 29 ^ (uint64_t(n.part + 1) << 32 | n.inner)) * 0xbf58476d1ce4e5b9ull;
    size_t mask = table.size() - 1, at = (h ^ h >> 32) & mask;
    auto same = [&](const WitnessNode &k) {
      return k.function == n.function && k.site == n.site && k.inner == n.inner && k.part == n.part;
    };
    while (table[at] != kNone && !same(nodes[table[at]]))
      at = (at + 1) & mask;
    return at;
  }
  void grow() {
    table.assign(std::max<size_t>(64, 2 * table.size()), kNone);
    for (WitnessId w = 0; w < nodes.size(); ++w)
      table[placeOf(nodes[w])] = w;
  }

  std::vector<WitnessId> table; // open addressing, power of two
};

} // namespace gordian::link

#endif
