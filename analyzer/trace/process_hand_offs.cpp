// SPDX-License-Identifier: MIT
//
// See process_hand_offs.h.
#include "trace/process_hand_offs.h"

#include <algorithm>

namespace gordian::trace {

namespace {

class Search {
public:
  Search(const Recording &recording, const std::vector<uint32_t> &cycle) : r(recording), nodes(cycle) {}
  bool tells(const NodeInfo &earlier, const NodeInfo &later) const;

private:
  bool isShared(uint32_t object) const {
    return object != kNone && (r.locks[object].flags & kLockProcessShared);
  }
  template <class Test>
  bool didAfter(const NodeInfo &node, Test test) const;
  template <class Test>
  bool didBefore(const NodeInfo &node, Test test) const;
  template <class Test>
  bool tookBefore(const NodeInfo &node, Test test) const;
  bool awaitedSemaphore(const NodeInfo &node) const;
  bool metAtBarrier(const NodeInfo &earlier, const NodeInfo &later) const;
  bool notified(const NodeInfo &earlier, const NodeInfo &later) const;
  bool isMonitorOf(uint32_t lock, uint32_t condition) const;

  const Recording &r;
  const std::vector<uint32_t> &nodes;
};

/// With the node, or after it.
template <class Test>
bool Search::didAfter(const NodeInfo &node, Test test) const {
  return std::ranges::any_of(r.operations, [&](const OperationInfo &o) {
    return o.thread == node.thread && o.object != kNone && o.lastEpoch >= node.firstEpoch && test(o);
  });
}

template <class Test>
bool Search::didBefore(const NodeInfo &node, Test test) const {
  return std::ranges::any_of(r.operations, [&](const OperationInfo &o) {
    return o.thread == node.thread && o.object != kNone && o.firstEpoch <= node.lastEpoch && test(o);
  });
}

template <class Test>
bool Search::tookBefore(const NodeInfo &node, Test test) const {
  return std::ranges::any_of(r.nodes, [&](const NodeInfo &n) {
    return n.thread == node.thread && n.lock != kNone && n.firstEpoch <= node.lastEpoch && test(n.lock);
  });
}

/// A process that did not see a semaphore made takes it for a lock: then its wait is a node.
bool Search::awaitedSemaphore(const NodeInfo &node) const {
  auto handsOver = [&](uint32_t lock) {
    return r.locks[lock].kind == ObjectKind::Semaphore && !r.locks[lock].isLock() && isShared(lock);
  };
  return didBefore(node,
                   [&](const OperationInfo &o) {
                     return o.kind == OperationKind::SemaphoreWait && handsOver(o.object);
                   }) ||
         tookBefore(node, handsOver);
}

bool Search::metAtBarrier(const NodeInfo &earlier, const NodeInfo &later) const {
  return didAfter(earlier, [&](const OperationInfo &o) {
    return o.kind == OperationKind::BarrierWait && isShared(o.object) &&
           didBefore(later, [&](const OperationInfo &other) {
             return other.kind == OperationKind::BarrierWait && other.object == o.object;
           });
  });
}

bool Search::isMonitorOf(uint32_t lock, uint32_t condition) const {
  return std::ranges::none_of(nodes, [&](uint32_t n) { return r.nodes[n].lock == lock; }) &&
         std::ranges::any_of(r.operations, [&](const OperationInfo &o) {
           return o.kind == OperationKind::ConditionWait && o.object == condition && o.other == lock;
         });
}

/// Whoever finds the predicate true waits for nothing, but takes the mutex that guards it.
bool Search::notified(const NodeInfo &earlier, const NodeInfo &later) const {
  return didAfter(earlier, [&](const OperationInfo &o) {
    return (o.kind == OperationKind::Signal || o.kind == OperationKind::Broadcast) && isShared(o.object) &&
           tookBefore(later, [&](uint32_t lock) { return isMonitorOf(lock, o.object); });
  });
}

bool Search::tells(const NodeInfo &earlier, const NodeInfo &later) const {
  const bool wrote = didAfter(earlier, [&](const OperationInfo &o) {
    return o.kind == OperationKind::EventSet && r.locks[o.object].kind == ObjectKind::Channel;
  });
  if (wrote) // what reads is not even on record
    return true;
  const bool posted = didAfter(earlier, [&](const OperationInfo &o) {
    return o.kind == OperationKind::SemaphorePost && isShared(o.object);
  });
  return (posted && awaitedSemaphore(later)) || metAtBarrier(earlier, later) || notified(earlier, later);
}

} // namespace

bool handedToProcess(const Recording &r, const std::vector<uint32_t> &nodes) {
  const Search search(r, nodes);
  auto process = [&](uint32_t n) { return r.threads[r.nodes[n].thread].process; };
  for (uint32_t earlier : nodes)
    for (uint32_t later : nodes)
      if (process(earlier) != process(later) && search.tells(r.nodes[earlier], r.nodes[later]))
        return true;
  return false;
}

} // namespace gordian::trace
