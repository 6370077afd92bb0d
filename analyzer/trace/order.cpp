// SPDX-License-Identifier: MIT
//
// See order.h.
//
// The reduced test for Proved. Stop every thread of the cycle right before its request e_i, and every other
// thread where happens-before needs it to be. That state is reachable with all locks acquired in the order of
// the run, if no lock m that e_i holds was acquired after that, in the run, by something that must come
// before the cycle: for each m in held(e_i), acquired as its g-th acquisition, every acquisition of m in the
// past of the other members has a smaller number. With release-to-acquire not being an order, nothing else
// can be pulled in, provided that no thread is stopped in the middle of another critical section; therefore
// an edge into the past counts only where its source is an operation that was recorded and held no lock.
#include "trace/order.h"

#include "trace/process_hand_offs.h"

#include <algorithm>
#include <set>

namespace gordian::trace {

using facts::Concurrency;

namespace {
constexpr size_t kCombinations = 4096; // of instances, tried for one cycle

/// Epochs in which it did happen: those on record, and the last.
std::vector<Epoch> knownEpochs(const NodeInfo &n) {
  std::vector<Epoch> epochs;
  for (const Instance &i : n.instances)
    epochs.push_back(i.epoch);
  if (epochs.empty() || epochs.back() < n.lastEpoch)
    epochs.push_back(n.lastEpoch);
  return epochs;
}

} // namespace

Feasibility::Feasibility(const Recording &r)
    : recording(r), acquisitions(r.locks.size()), hiddenFrom(r.threads.size(), ~0u),
      sourcesUnderLock(r.threads.size()) {
  for (uint32_t n = 0; n < r.nodes.size(); ++n)
    if (r.nodes[n].lock != kNone && !(r.nodes[n].flags & kNodeSynthetic))
      acquisitions[r.nodes[n].lock].push_back(n);
  for (const OperationInfo &o : r.operations)
    if (o.held != kNone)
      sourcesUnderLock[o.thread].emplace_back(o.firstEpoch, o.lastEpoch);
}

void Feasibility::setHiddenHandOff(uint32_t thread, Epoch epoch) {
  hiddenFrom[thread] = std::min(hiddenFrom[thread], epoch);
}

Concurrency Feasibility::judge(const std::vector<uint32_t> &nodes) const {
  std::set<uint32_t> threads;
  std::vector<uint32_t> locks;
  for (uint32_t n : nodes) {
    if (n >= recording.nodes.size() || recording.nodes[n].thread == kNone ||
        !threads.insert(recording.nodes[n].thread).second)
      return Concurrency::No;
    locks.push_back(recording.nodes[n].lock);
  }
  std::sort(locks.begin(), locks.end());
  Concurrency pairs = Concurrency::Yes;
  for (size_t i = 0; i < nodes.size(); ++i)
    for (size_t j = i + 1; j < nodes.size(); ++j)
      pairs = std::min(pairs, pairPossible(nodes[i], nodes[j], locks));
  if (pairs == Concurrency::No)
    return Concurrency::No;
  if (nodes.size() > 2 && !combinationPossible(nodes, locks))
    return Concurrency::No;
  if (gates.exclude(nodes))
    return Concurrency::No;
  if (pairs == Concurrency::Unlikely ||
      std::any_of(
          nodes.begin(), nodes.end(),
          [&](uint32_t n) { return handedOver(n) || insideInitialiser(n, locks) || unseenCreation(n); }) ||
      handedToProcess(recording, nodes) || countedUnits(nodes) || handedOverInCode(nodes))
    return Concurrency::Unlikely;
  return proved(nodes) ? Concurrency::Proved : Concurrency::Yes;
}

Concurrency Feasibility::pairPossible(uint32_t a, uint32_t b, const std::vector<uint32_t> &without) const {
  const NodeInfo &x = recording.nodes[a], &y = recording.nodes[b];
  const HappensBefore &order = recording.order;
  if (order.ordered(x.thread, x.lastEpoch, y.thread, y.firstEpoch, without) ||
      order.ordered(y.thread, y.lastEpoch, x.thread, x.firstEpoch, without))
    return Concurrency::No;
  if (x.instances.empty() || y.instances.empty())
    return Concurrency::Yes;
  const std::vector<Epoch> xs = knownEpochs(x), ys = knownEpochs(y);
  for (Epoch i : xs)
    for (Epoch j : ys)
      if (!order.ordered(x.thread, i, y.thread, j, without) &&
          !order.ordered(y.thread, j, x.thread, i, without))
        return Concurrency::Yes;
  return x.complete() && y.complete() ? Concurrency::No : Concurrency::Unlikely;
}

/// Is there one instance of each such that no two are ordered? A node with unrecorded instances fits with all
/// that its range allows, which the pairs have shown already.
bool Feasibility::combinationPossible(const std::vector<uint32_t> &all,
                                      const std::vector<uint32_t> &without) const {
  std::vector<uint32_t> nodes;
  for (uint32_t n : all)
    if (recording.nodes[n].complete())
      nodes.push_back(n);
  size_t budget = kCombinations;
  std::vector<std::pair<uint32_t, Epoch>> chosen;
  std::function<bool(size_t)> choose = [&](size_t i) {
    if (i == nodes.size() || budget == 0)
      return true; // out of budget: possible, as far as known
    const NodeInfo &n = recording.nodes[nodes[i]];
    for (const Instance &instance : n.instances) {
      if (budget > 0)
        --budget;
      bool fits = std::none_of(chosen.begin(), chosen.end(), [&](const auto &c) {
        return recording.order.ordered(c.first, c.second, n.thread, instance.epoch, without) ||
               recording.order.ordered(n.thread, instance.epoch, c.first, c.second, without);
      });
      if (!fits)
        continue;
      chosen.emplace_back(n.thread, instance.epoch);
      if (choose(i + 1))
        return true;
      chosen.pop_back();
    }
    return false;
  };
  return choose(0);
}

bool Feasibility::handedOver(uint32_t node) const {
  const NodeInfo &n = recording.nodes[node];
  if (hiddenFrom[n.thread] <= n.firstEpoch)
    return true;
  for (uint32_t t = 0; t < hiddenFrom.size(); ++t)
    if (hiddenFrom[t] != ~0u && t != n.thread &&
        recording.order.before(n.thread, n.firstEpoch, t, {}) >= hiddenFrom[t])
      return true;
  return false;
}

/// Under the guard of a static variable that plays no part itself? That happened once, and whoever uses the
/// variable afterwards makes no call that would show the order (may miss those who never use it).
bool Feasibility::insideInitialiser(uint32_t node, const std::vector<uint32_t> &locks) const {
  for (uint32_t held : recording.heldBelow(node)) {
    uint32_t lock = recording.nodes[held].lock;
    if (recording.locks[lock].kind == ObjectKind::StaticGuard &&
        !std::binary_search(locks.begin(), locks.end(), lock))
      return true;
  }
  return false;
}

/// Timers and the like start threads inside the C library: what came before that is not known.
bool Feasibility::unseenCreation(uint32_t node) const {
  const ThreadInfo &t = recording.threads[recording.nodes[node].thread];
  return t.parent == kNone && t.index != 1;
}

/// Where a thread takes a unit under a mutex and gives the mutex back first, a count tells whether one is
/// taken at all: the first reader of many, say, takes it for all of them. Without a count the second thread
/// would hang at once.
bool Feasibility::countedUnits(const std::vector<uint32_t> &nodes) const {
  const auto &all = recording.nodes;
  auto takenAt = [&](uint32_t holder, const NodeInfo &asks) {
    std::vector<uint32_t> below = recording.heldBelow(holder);
    return std::any_of(below.begin(), below.end(), [&](uint32_t h) {
      return all[h].lock == asks.lock && all[h].context == asks.context;
    });
  };
  auto holds = [&](uint32_t node, uint32_t lock) {
    std::vector<uint32_t> below = recording.heldBelow(node);
    return std::any_of(below.begin(), below.end(), [&](uint32_t h) { return all[h].lock == lock; });
  };
  for (uint32_t unit : nodes)
    for (uint32_t mutex : nodes)
      if (recording.locks[all[unit].lock].kind == ObjectKind::Semaphore && holds(unit, all[mutex].lock) &&
          takenAt(mutex, all[unit]))
        return true;
  return false;
}

bool Feasibility::handedOverInCode(const std::vector<uint32_t> &nodes) const {
  for (uint32_t earlier : nodes)
    for (uint32_t later : nodes)
      if (code && earlier != later && code(earlier, later))
        return true;
  return false;
}

// ---------------------------------------------------------------------------------------------------------------
// Proved

bool Feasibility::proved(const std::vector<uint32_t> &nodes) const {
  std::set<uint32_t> heldLocks;
  for (uint32_t n : nodes) {
    const NodeInfo &node = recording.nodes[n];
    if (node.mode() == Mode::Shared || node.instances.empty())
      return false;
    for (uint32_t h : recording.heldBelow(n))
      if (recording.nodes[h].mode() == Mode::Shared || (recording.nodes[h].flags & kNodeInherited) ||
          !heldLocks.insert(recording.nodes[h].lock).second)
        return false;
  }
  Choice choice(nodes.size(), 0);
  for (size_t tried = 0; tried < kCombinations / 64; ++tried) {
    if (reorderable(nodes, choice))
      return true;
    size_t i = 0;
    while (i < nodes.size() && ++choice[i] == recording.nodes[nodes[i]].instances.size())
      choice[i++] = 0;
    if (i == nodes.size())
      return false;
  }
  return false;
}

/// Did the thread do any synchronising operation under a lock in this epoch?
bool Feasibility::heldAtSource(uint32_t thread, Epoch epoch) const {
  const auto &spans = sourcesUnderLock[thread];
  return std::any_of(spans.begin(), spans.end(),
                     [&](auto s) { return s.first <= epoch && epoch <= s.second; });
}

/// Every edge into the past of (thread, epoch) leaves its source outside any critical section, and none is
/// missing.
bool Feasibility::pastIsClean(uint32_t thread, Epoch epoch) const {
  std::map<uint32_t, Epoch> reached = {{thread, epoch}};
  std::vector<uint32_t> work = {thread};
  while (!work.empty()) {
    uint32_t t = work.back();
    work.pop_back();
    Epoch until = reached[t];
    if (recording.gapBefore(t, until))
      return false;
    for (const HappensBefore::Edge &e : recording.order.edgesUpTo(t, until)) {
      using Source = HappensBefore::Edge::Source;
      if (e.source == Source::Unknown || (e.source == Source::Operation && heldAtSource(e.peer, e.peerEpoch)))
        return false;
      auto [it, fresh] = reached.try_emplace(e.peer, 0);
      if (e.peerEpoch > it->second) {
        it->second = e.peerEpoch;
        work.push_back(e.peer);
      }
    }
  }
  return true;
}

bool Feasibility::reorderable(const std::vector<uint32_t> &nodes, const Choice &choice) const {
  auto epochOf = [&](size_t i) { return recording.nodes[nodes[i]].instances[choice[i]].epoch; };
  for (size_t i = 0; i < nodes.size(); ++i) {
    uint32_t thread = recording.nodes[nodes[i]].thread;
    if (!pastIsClean(thread, epochOf(i)))
      return false;
    for (size_t j = 0; j < nodes.size(); ++j)
      if (i != j &&
          recording.order.ordered(thread, epochOf(i), recording.nodes[nodes[j]].thread, epochOf(j), {}))
        return false;
  }
  for (size_t i = 0; i < nodes.size(); ++i)
    if (!heldStaysFree(nodes, choice, i))
      return false;
  return true;
}

/// May `candidate` have happened before the members other than i are where the cycle wants them?
bool Feasibility::inPast(uint32_t candidate, const std::vector<uint32_t> &nodes, const Choice &choice,
                         size_t i) const {
  const NodeInfo &c = recording.nodes[candidate];
  for (size_t j = 0; j < nodes.size(); ++j) {
    const NodeInfo &member = recording.nodes[nodes[j]];
    Epoch epoch = member.instances[choice[j]].epoch;
    if (j != i && member.thread == c.thread) {
      // The member's own request is not in its past, but earlier occurrences of it are.
      bool first = epoch == member.firstEpoch;
      if (candidate == nodes[j] ? !first : c.firstEpoch <= epoch)
        return true;
    } else if (member.thread != c.thread) {
      if (recording.order.before(member.thread, epoch, c.thread, {}) >= c.firstEpoch)
        return true;
    }
  }
  return false;
}

/// No acquisition of a lock that member i holds lies in the past of the cycle and after i's own acquisition
/// of it.
bool Feasibility::heldStaysFree(const std::vector<uint32_t> &nodes, const Choice &choice, size_t i) const {
  const NodeInfo &member = recording.nodes[nodes[i]];
  const std::vector<uint32_t> &sequence = member.instances[choice[i]].sequence;
  size_t position = 0;
  for (uint32_t h = member.parent; h != kNone; h = recording.nodes[h].parent) {
    ++position;
    const NodeInfo &held = recording.nodes[h];
    if (held.lock == kNone || !recording.locks[held.lock].isLock())
      continue;
    if (position >= sequence.size() || sequence[position] == 0)
      return false; // which acquisition it was is not known
    Epoch acquired = 1;
    for (const Instance &instance : held.instances)
      if (!instance.sequence.empty() && instance.sequence[0] == sequence[position])
        acquired = instance.epoch;
    for (uint32_t candidate : acquisitions[held.lock]) {
      const NodeInfo &c = recording.nodes[candidate];
      if (c.thread == member.thread || !inPast(candidate, nodes, choice, i))
        continue;
      if (c.thread == kNone || !recording.order.ordered(c.thread, c.lastEpoch, member.thread, acquired, {}))
        return false;
    }
  }
  return true;
}

// ---------------------------------------------------------------------------------------------------------------
// The oracle

TraceOrder::TraceOrder(std::shared_ptr<const Recording> r, Feasibility f, Describe d)
    : recording(std::move(r)), feasibility(std::move(f)), describe(std::move(d)) {}

Concurrency TraceOrder::concurrent(const std::vector<const facts::Acquire *> &cycle) const {
  std::vector<uint32_t> nodes;
  for (const facts::Acquire *a : cycle)
    nodes.push_back(a->instance);
  return feasibility.judge(nodes);
}

// Accesses are not recorded: races of a run come from ThreadSanitizer, ready made.
Concurrency TraceOrder::concurrent(const facts::Access &, const facts::Access &) const {
  return Concurrency::No;
}

std::string TraceOrder::reason(const std::vector<const facts::Acquire *> &cycle) const {
  std::string text;
  for (size_t i = 0; i < cycle.size() && i < 3; ++i) {
    if (cycle[i]->context == facts::kNone || cycle[i]->context >= recording->threads.size())
      return "";
    text += (i == 0 ? "" : i + 1 == cycle.size() ? " and " : ", ") + describe(cycle[i]->context);
  }
  return text + (cycle.size() > 3 ? " and others" : "") +
         " are not ordered: no join, creation or hand-off lies between";
}

} // namespace gordian::trace
