// SPDX-License-Identifier: MIT
//
// Cycles of the lock-order graph that some schedule can turn into a deadlock.
//
// The graph. An acquisition that asks for lock b while lock a is held is an *acquired-before edge* a -> b.
// Nodes of the search are acquisitions, not locks: each keeps its whole held set, its thread context and its
// site, so that a cycle through locks that were never held together (hand-over-hand) does not exist in the
// first place (iGoodlock, Joshi et al., PLDI 2009; abstract lock graph, Tunc et al., PLDI 2023).
//
// The search.
//   1. Edges are collected by their pair of locks; try and timed acquisitions get no edge into them (they
//   give up) but
//      what they took counts as held. Tarjan's algorithm leaves the strongly connected components.
//   2. For each edge, ordered by the length of the shortest way back, a depth-first search in steps of
//   growing length,
//      pruned by the distance to the start, looks for a shortest *feasible* cycle through it, unless a cycle
//      found before goes through it already. Full enumeration is exponential and never done; a budget bounds
//      the work, and edges that it cut off are counted.
//   3. Feasible means: each request blocks on the next member's hold (modes; see Hop below); no two members
//   exclude
//      each other by a gate (gates.h); the front end's Order says that all members can be pending at once.
//   4. The other sites of the same locks in the same cycle become alternatives.
// Locks that stand for many objects have edges to themselves; two threads that run such an edge with the
// objects swapped are a cycle of two members over one lock. Same is a re-acquisition and not ours; ChildOf
// never closes, Ordered only with OrderedBack elsewhere.
//
// A shared request on a shared hold does not wait, unless a writer queues in between and the lock's kind lets
// writers pass (Hop::Writer). The writer is then a further member, which must exist, must block, and must be
// able to run then.
//
// Errs: a cycle of which every edge lies on a shorter cycle is left out (may miss until those are repaired);
// cycles that need the objects of one source lock more than twice round are left out (may miss); on locks of
// an unknown rwlock kind readers are taken as not blocking readers (may miss); a std::shared_mutex is taken
// as blocking them although libstdc++'s does not (may cry wolf, with a lowered rank).
#ifndef GORDIAN_FACTS_CYCLES_H
#define GORDIAN_FACTS_CYCLES_H

#include "facts/gates.h"

namespace gordian::facts {

struct CycleLimits {
  size_t steps = 4'000'000; // of the depth-first search, in all
  size_t stepsPerEdge = 100'000;
  size_t length = 512;     // locks in one cycle
  size_t alternatives = 8; // kept for each cycle
  size_t alternativesTried = 400;
};

/// One way to run into a cycle.
struct Cycle {
  std::vector<Member> members; // each one's target is the next one's source, circularly
  std::vector<const Acquire *>
      queuedWriters; // same size; not null: queues between member i's request and its holder
  Concurrency concurrency = Concurrency::Yes;
  std::vector<Factor> factors;
  std::string reason; // why they can be pending at once, from the Order; may be empty

  double rank() const;
  /// Members and queued writers: what the Order is asked about.
  std::vector<const Acquire *> acquires() const;
};

/// One set of locks in one circular order, with the ways to run into it.
struct LockCycle {
  std::vector<LockId> locks; // locks[i] is the source of best.members[i]
  Cycle best;
  std::vector<Cycle> alternatives; // other sites, at most CycleLimits::alternatives
  size_t alternativesTotal = 0;
};

struct CycleSearch {
  std::vector<LockCycle> cycles; // in a stable order, whatever the order of the facts
  size_t unexamined = 0;         // acquired-before edges that the budget cut off
};

CycleSearch findCycles(const Facts &facts, const CycleLimits &limits = {});

} // namespace gordian::facts

#endif
