// SPDX-License-Identifier: MIT
//
// The lock-order graph: locks as nodes, all acquired-before edges of one pair of locks bundled, and its
// strongly connected components. Built once from facts; nodes and bundles are in the stable order
// (stable_order.h).
#ifndef GORDIAN_FACTS_LOCK_GRAPH_H
#define GORDIAN_FACTS_LOCK_GRAPH_H

#include "facts/gates.h"

namespace gordian::facts {

class LockGraph {
public:
  explicit LockGraph(const Facts &facts);

  struct Bundle {
    uint32_t from = 0, to = 0;   // nodes
    std::vector<Member> members; // the more certain and the less gated ones first
  };
  size_t size() const { return ids.size(); }
  LockId lockOf(uint32_t node) const { return ids[node]; }
  const std::vector<Bundle> &bundles() const { return all; }
  /// Bundles that leave a node (indices into bundles()), those to itself left out.
  const std::vector<uint32_t> &out(uint32_t node) const { return outgoing[node]; }
  const std::vector<uint32_t> &in(uint32_t node) const { return incoming[node]; }
  /// Nodes of one component can reach each other.
  uint32_t component(uint32_t node) const { return components[node]; }
  /// Blocking exclusive acquisitions of a lock, by LockId: those who may queue as writers.
  const std::vector<const Acquire *> &writers(LockId lock) const { return exclusive[lock]; }

private:
  void findComponents();

  std::vector<LockId> ids; // by node
  std::vector<Bundle> all;
  std::vector<std::vector<uint32_t>> outgoing, incoming;
  std::vector<uint32_t> components;
  std::vector<std::vector<const Acquire *>> exclusive;
};

/// How sure a member is by itself: its factors, and whether its source is held on every path.
double certainty(const Member &m);

} // namespace gordian::facts

#endif
