// SPDX-License-Identifier: MIT
//
// Could these acquisitions be pending together? The Order oracle of a run (facts/facts.h).
//
//   No        two of them belong to one thread, or happens-before orders every combination of their instances
//   Unlikely  one of them always came after a hand-off through a raw futex (C++20 latch, semaphore, atomic
//             wait): such a hand-off is seen only where it was contended, so an unseen one may order them. Or
//             two processes share a semaphore or a pipe, or nobody saw who created a thread. Or instances
//             were left out, and those that are kept are ordered: two threads that alternate by hand-offs do
//             so to the end
//   Proved    a sync-preserving reordering of the run makes all of them pending (Tunc, Mathur, Pavlogiannis,
//             Viswanathan, PLDI 2023, in the reduced form for traces without memory accesses)
//   Yes       otherwise
//
// No is only said where it is certain; Unlikely may miss. Proved is only said where the recorded sequence
// numbers suffice; it is sound for the synchronisation that was seen, and an order that the program keeps by
// other means (plain or atomic flags) is not seen (may cry wolf).
#ifndef GORDIAN_TRACE_ORDER_H
#define GORDIAN_TRACE_ORDER_H

#include "facts/facts.h"
#include "trace/counted_gates.h"
#include "trace/recording.h"

#include <functional>

namespace gordian::trace {

/// What is asked about: nodes of distinct threads, each pending at its lock with its held set.
class Feasibility {
public:
  explicit Feasibility(const Recording &recording);

  facts::Concurrency judge(const std::vector<uint32_t> &nodes) const;

  /// May `earlier` and `later` be ordered by a hand-off that stands in their code and that no run shows?
  using HandsOver = std::function<bool(uint32_t earlier, uint32_t later)>;
  void setCode(HandsOver f) { code = std::move(f); }

  void setGates(CountedGates g) { gates = std::move(g); }

  /// From this epoch on, thread may have been handed something through a futex.
  void setHiddenHandOff(uint32_t thread, Epoch epoch);

private:
  using Choice = std::vector<size_t>; // an instance for each node
  facts::Concurrency pairPossible(uint32_t a, uint32_t b, const std::vector<uint32_t> &without) const;
  bool combinationPossible(const std::vector<uint32_t> &nodes, const std::vector<uint32_t> &without) const;
  bool handedOver(uint32_t node) const;
  bool insideInitialiser(uint32_t node, const std::vector<uint32_t> &locks) const;
  bool unseenCreation(uint32_t node) const;
  bool countedUnits(const std::vector<uint32_t> &nodes) const;
  bool handedOverInCode(const std::vector<uint32_t> &nodes) const;

  bool proved(const std::vector<uint32_t> &nodes) const;
  bool reorderable(const std::vector<uint32_t> &nodes, const Choice &choice) const;
  bool pastIsClean(uint32_t thread, Epoch epoch) const;
  bool heldAtSource(uint32_t thread, Epoch epoch) const;
  bool heldStaysFree(const std::vector<uint32_t> &nodes, const Choice &choice, size_t i) const;
  bool inPast(uint32_t candidate, const std::vector<uint32_t> &nodes, const Choice &choice, size_t i) const;

  const Recording &recording;
  HandsOver code;
  CountedGates gates;
  std::vector<std::vector<uint32_t>> acquisitions; // by lock: nodes that acquire it
  std::vector<Epoch> hiddenFrom;                   // by thread
  std::vector<std::vector<std::pair<Epoch, Epoch>>>
      sourcesUnderLock; // by thread: epochs of creations, posts ...
};

class TraceOrder : public facts::Order {
public:
  using Describe = std::function<std::string(uint32_t thread)>;
  TraceOrder(std::shared_ptr<const Recording> recording, Feasibility feasibility, Describe describe);

  facts::Concurrency concurrent(const std::vector<const facts::Acquire *> &cycle) const override;
  facts::Concurrency concurrent(const facts::Access &a, const facts::Access &b) const override;
  std::string reason(const std::vector<const facts::Acquire *> &cycle) const override;

private:
  std::shared_ptr<const Recording> recording;
  Feasibility feasibility;
  Describe describe;
};

} // namespace gordian::trace

#endif
