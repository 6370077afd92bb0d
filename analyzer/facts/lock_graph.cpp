// SPDX-License-Identifier: MIT
#include "facts/lock_graph.h"

#include "facts/stable_order.h"

#include <map>

namespace gordian::facts {

double certainty(const Member &m) {
  double c = m.held().must ? 1 : 0.7;
  for (const Factor &f : m.acquire->factors)
    c *= f.weight;
  return c;
}

/// Can this held lock, with this request, be an edge of a cycle at all?
static bool formsEdge(const Facts &facts, const Acquire &a, const Held &h) {
  if (!a.blocking || h.passed)
    return false;
  if (h.lock != a.lock)
    return true;
  return facts.locks[a.lock].manyInstances && h.relation != Relation::Same &&
         h.relation != Relation::ChildOf && !(h.object && h.object == a.object);
}

namespace {
/// The order of acquisitions, found once: they are compared often, by whole witnesses.
class Positions {
public:
  explicit Positions(const std::vector<Acquire> &acquires) : first(acquires.data()), of(acquires.size()) {
    std::vector<const Acquire *> sorted;
    for (const Acquire &a : acquires)
      sorted.push_back(&a);
    std::stable_sort(sorted.begin(), sorted.end(), [](const Acquire *a, const Acquire *b) {
      return a->held.size() != b->held.size() ? a->held.size() < b->held.size() : compare(*a, *b) < 0;
    });
    for (uint32_t n = 0; n < sorted.size(); ++n)
      of[static_cast<size_t>(sorted[n] - first)] = n;
  }
  uint32_t operator[](const Acquire *a) const { return of[static_cast<size_t>(a - first)]; }

private:
  const Acquire *first;
  std::vector<uint32_t> of;
};
} // namespace

LockGraph::LockGraph(const Facts &facts) : exclusive(facts.locks.size()) {
  std::vector<uint32_t> rank = stableRanks(facts.locks);
  ids.resize(rank.size());
  for (LockId id = 0; id < rank.size(); ++id)
    ids[rank[id]] = id;
  Positions position(facts.acquires);
  auto before = [&](const Member &a, const Member &b) {
    if (double x = certainty(a), y = certainty(b); x != y)
      return x > y;
    if (a.acquire != b.acquire)
      return position[a.acquire] < position[b.acquire];
    return a.source < b.source;
  };
  std::map<std::pair<uint32_t, uint32_t>, std::vector<Member>> byPair;
  for (const Acquire &a : facts.acquires) {
    if (a.blocking && a.mode == Mode::Exclusive)
      exclusive[a.lock].push_back(&a);
    for (uint32_t h = 0; h < a.held.size(); ++h)
      if (formsEdge(facts, a, a.held[h]))
        byPair[{rank[a.held[h].lock], rank[a.lock]}].push_back({&a, h});
  }
  outgoing.resize(size());
  incoming.resize(size());
  for (auto &[pair, members] : byPair) {
    std::sort(members.begin(), members.end(), before);
    if (pair.first != pair.second) {
      outgoing[pair.first].push_back(uint32_t(all.size()));
      incoming[pair.second].push_back(uint32_t(all.size()));
    }
    all.push_back({pair.first, pair.second, std::move(members)});
  }
  for (auto &writers : exclusive)
    std::sort(writers.begin(), writers.end(),
              [&](const Acquire *a, const Acquire *b) { return position[a] < position[b]; });
  findComponents();
}

// Tarjan's algorithm, with its own stack: lock-order graphs of large programs are deep.
void LockGraph::findComponents() {
  constexpr uint32_t unseen = ~0u;
  std::vector<uint32_t> index(size(), unseen), low(size(), 0), stack;
  std::vector<bool> onStack(size(), false);
  components.assign(size(), 0);
  uint32_t next = 0, count = 0;
  struct Frame {
    uint32_t node;
    size_t edge;
  };
  for (uint32_t root = 0; root < size(); ++root) {
    if (index[root] != unseen)
      continue;
    std::vector<Frame> frames;
    auto enter = [&](uint32_t n) {
      index[n] = low[n] = next++;
      stack.push_back(n);
      onStack[n] = true;
      frames.push_back({n, 0});
    };
    enter(root);
    while (!frames.empty()) {
      Frame &f = frames.back();
      if (f.edge < outgoing[f.node].size()) {
        uint32_t to = all[outgoing[f.node][f.edge++]].to;
        if (index[to] == unseen)
          enter(to);
        else if (onStack[to])
          low[f.node] = std::min(low[f.node], index[to]);
        continue;
      }
      uint32_t n = f.node;
      frames.pop_back();
      if (!frames.empty())
        low[frames.back().node] = std::min(low[frames.back().node], low[n]);
      if (low[n] != index[n])
        continue;
      for (uint32_t m = unseen; m != n; stack.pop_back()) {
        m = stack.back();
        onStack[m] = false;
        components[m] = count;
      }
      ++count;
    }
  }
}

} // namespace gordian::facts
