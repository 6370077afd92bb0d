// SPDX-License-Identifier: MIT
//
// Is this ring of acquisitions a deadlock that some schedule reaches? The judge of cycles.h, without the
// search: hops (does each request wait for the next holder), gates, instances, and the front end's Order,
// with the factors that lower its rank.
#ifndef GORDIAN_FACTS_FEASIBLE_H
#define GORDIAN_FACTS_FEASIBLE_H

#include "facts/cycles.h"
#include "facts/lock_graph.h"

#include <optional>
#include <unordered_map>

namespace gordian::facts {

/// How a request waits for a holder.
enum class Hop {
  Never,  // both are readers, and nothing comes in between
  Waits,  // the modes conflict
  Writer, // both are readers, but a writer that queues in between holds the second reader up
};
Hop hop(const Lock &lock, Mode held, Mode requested);

class Judge {
public:
  Judge(const Facts &f, const LockGraph &g) : facts(f), graph(g) {}

  /// The cycle over these members (in cycle order), where it is feasible.
  std::optional<Cycle> judge(const std::vector<Member> &members);
  /// The two were found to be never pending together.
  bool apart(const Acquire *a, const Acquire *b) const;

private:
  bool waits(const std::vector<Member> &members, std::vector<size_t> &writerHops) const;
  void chooseWriters(Cycle &trial, const std::vector<size_t> &hops, size_t next, Cycle &best);
  Concurrency ask(const Cycle &cycle);
  void addFactors(Cycle &cycle, const Instances &instances, Exclusion exclusion) const;

  const Facts &facts;
  const LockGraph &graph;
  struct PairHash {
    size_t operator()(const std::pair<const Acquire *, const Acquire *> &p) const {
      return (reinterpret_cast<size_t>(p.first) * 31 + reinterpret_cast<size_t>(p.second)) *
                 0x9e3779b97f4a7c15ull >>
             16;
    }
  };
  std::unordered_map<std::pair<const Acquire *, const Acquire *>, bool, PairHash> pairs; // asked: apart?
};

} // namespace gordian::facts

#endif
