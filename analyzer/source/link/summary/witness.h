// SPDX-License-Identifier: MIT
//
// Witnesses: the chain of places that proves an operation, from the call in the outermost function down to
// the library function's call. Nodes are shared: a caller's witness is one node in front of its callee's, and
// equal chains are one.
#ifndef GORDIAN_SOURCE_LINK_SUMMARY_WITNESS_H
#define GORDIAN_SOURCE_LINK_SUMMARY_WITNESS_H

#include "source/link/program/program.h"

#include <unordered_map>
#include <vector>

namespace gordian::link {

using WitnessId = uint32_t;

struct WitnessNode {
  FunctionId function = kNone;
  uint32_t site = 0;       // instruction (or block end) of the function
  WitnessId inner = kNone; // in the callee, kNone: the operation itself
  uint32_t length = 1;
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
    return put({f, site, inner, inner == kNone ? 1 : nodes[inner].length + 1});
  }
  WitnessId put(const WitnessNode &n) {
    auto [known, isNew] =
        numbers.try_emplace({n.function, n.site, n.inner}, static_cast<WitnessId>(nodes.size()));
    if (isNew)
      nodes.push_back(n);
    return known->second;
  }

private:
  struct Key {
    FunctionId function;
    uint32_t site;
    WitnessId inner;
    friend bool operator==(const Key &, const Key &) = default;
  };
  struct KeyHash {
    size_t operator()(const Key &k) const {
      uint64_t h =
          ((uint64_t(k.function) << 32 | k.site) ^ k.inner * 0x9e3779b97f4a7c15ull) * 0xbf58476d1ce4e5b9ull;
      return h ^ h >> 31;
    }
  };
  std::unordered_map<Key, WitnessId, KeyHash> numbers;
};

} // namespace gordian::link

#endif
