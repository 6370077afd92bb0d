// SPDX-License-Identifier: MIT
//
// Waits that are no lock requests: condition variables, and what blocks under a lock.
//
// What must the awaited party acquire before it can answer? A run shows what it did acquire, so this is a
// conclusion:
//   join       all that the joined thread ever requested, unless that was over before the joiner took its
//              lock, or the thread announced its end under that lock
//   post, set  what the posting thread requested before its first post of the object
//   notify     what the notifier holds when it notifies, or requested before in the same function
#include "trace/replay_state.h"

#include <algorithm>

namespace gordian::trace {

using namespace gordian::facts;

namespace {

bool isRequest(const Recording &r, uint32_t node) {
  const NodeInfo &n = r.nodes[node];
  return !(n.flags & kNodeSynthetic) && n.blocking() && n.thread != kNone && n.lock != kNone &&
         r.locks[n.lock].isLock();
}

/// Requests by thread, to be looked at again and again.
std::vector<std::vector<uint32_t>> requestsByThread(const Recording &r) {
  std::vector<std::vector<uint32_t>> requests(r.threads.size());
  for (uint32_t n = 0; n < r.nodes.size(); ++n)
    if (isRequest(r, n))
      requests[r.nodes[n].thread].push_back(n);
  return requests;
}

bool isNotify(OperationKind kind) {
  return kind == OperationKind::Signal || kind == OperationKind::Broadcast;
}

// ---------------------------------------------------------------------------------------------------------------
// Conditions

class Conditions {
public:
  explicit Conditions(Replay &rp) : replay(rp), r(*rp.recording), requests(requestsByThread(*rp.recording)) {}
  void add();

private:
  void addWait(const OperationInfo &o);
  void addNotify(const OperationInfo &o);
  uint32_t conditionNumber(const OperationInfo &wait);
  std::vector<Held> neededBefore(const OperationInfo &notify);

  Replay &replay;
  const Recording &r;
  std::vector<std::vector<uint32_t>> requests;
  std::map<uint32_t, std::vector<const OperationInfo *>> waits; // by condition, the first of each phase
};

/// A condition that is used with one mutex and, when all that is over, with another, is two conditions for
/// the checks: the rule against two mutexes speaks of waiters at one time. The phases are told apart by
/// happens-before.
uint32_t Conditions::conditionNumber(const OperationInfo &wait) {
  std::vector<const OperationInfo *> &phases = waits[wait.object];
  for (size_t i = 0; i < phases.size(); ++i) {
    const OperationInfo &first = *phases[i];
    bool apart = r.order.ordered(first.thread, first.lastEpoch, wait.thread, wait.firstEpoch, {}) ||
                 r.order.ordered(wait.thread, wait.lastEpoch, first.thread, first.firstEpoch, {});
    if (first.other == wait.other || !apart || (wait.flags & kOperationOtherMutex))
      return wait.object * 16 + uint32_t(std::min<size_t>(i, 15));
  }
  phases.push_back(&wait);
  return wait.object * 16 + uint32_t(std::min<size_t>(phases.size() - 1, 15));
}

void Conditions::addWait(const OperationInfo &o) {
  Wait w;
  w.condition = replay.names.subject(o.object);
  w.conditionId = conditionNumber(o);
  w.mutex = o.other == kNone ? facts::kNone : replay.lockId(o.other);
  w.mutexHeld = !(o.flags & kOperationNotHeld);
  w.timed = o.flags & kOperationTimed;
  std::vector<uint32_t> others = r.heldFrom(o.held);
  std::erase_if(others, [&](uint32_t n) { return r.nodes[n].lock == o.other; });
  w.others = replay.heldFacts(others);
  w.witness = replay.stacks.witness(StepKind::Wait, o.context);
  w.context = o.thread;
  w.function = replay.stacks.functionAt(o.context);
  replay.facts.waits.push_back(std::move(w));
}

std::vector<Held> Conditions::neededBefore(const OperationInfo &notify) {
  std::vector<Held> needed;
  const Frame *here = replay.stacks.at(notify.context).leading();
  if (!here || here->function.empty() || !here->location.known())
    return needed;
  for (uint32_t n : requests[notify.thread]) {
    const NodeInfo &node = r.nodes[n];
    if (node.firstEpoch > notify.lastEpoch)
      continue;
    const Frame *there = replay.stacks.at(node.context).leading();
    if (there && there->function == here->function && there->location.file == here->location.file &&
        there->location.line < here->location.line)
      needed.push_back(replay.heldFact(n));
  }
  return needed;
}

void Conditions::addNotify(const OperationInfo &o) {
  auto phases = waits.find(o.object);
  if (phases == waits.end())
    return; // nobody waits for it
  Notify n;
  n.all = o.kind == OperationKind::Broadcast;
  n.held = replay.heldFacts(r.heldFrom(o.held));
  n.needed = neededBefore(o);
  n.witness = replay.stacks.witness(StepKind::Notify, o.context);
  n.context = o.thread;
  n.function = replay.stacks.functionAt(o.context);
  for (size_t i = 0; i < phases->second.size(); ++i) {
    n.conditionId = o.object * 16 + uint32_t(std::min<size_t>(i, 15));
    replay.facts.notifies.push_back(n);
  }
}

void Conditions::add() {
  for (const OperationInfo &o : r.operations)
    if (o.kind == OperationKind::ConditionWait && o.object != kNone && !replay.isInternalObject(o.object))
      addWait(o);
  for (const OperationInfo &o : r.operations)
    if (isNotify(o.kind) && o.object != kNone)
      addNotify(o);
}

// ---------------------------------------------------------------------------------------------------------------
// Blocks

class Blocks {
public:
  explicit Blocks(Replay &rp);
  void add();

private:
  void addBlock(const OperationInfo &o, Block::Kind kind, const std::vector<uint32_t> &held);
  std::vector<uint32_t> awaitedNodes(const OperationInfo &o, Block::Kind kind,
                                     const std::vector<uint32_t> &held);
  bool alike(uint32_t node, uint32_t heldNode);
  bool over(uint32_t node, const OperationInfo &o, uint32_t heldNode) const;
  bool announced(uint32_t node, const OperationInfo &o) const;
  std::optional<Block::Kind> blockKind(const OperationInfo &o);
  Subject objectOf(const OperationInfo &o);

  Replay &replay;
  const Recording &r;
  std::vector<std::vector<uint32_t>> requests;
  std::map<uint32_t, std::vector<const OperationInfo *>>
      answers; // by object: posts, wakes, sets, barrier arrivals
};

bool isAnswer(OperationKind kind) {
  return kind == OperationKind::SemaphorePost || kind == OperationKind::FutexWake ||
         kind == OperationKind::EventSet || kind == OperationKind::BarrierWait;
}

Blocks::Blocks(Replay &rp) : replay(rp), r(*rp.recording), requests(requestsByThread(r)) {
  for (const OperationInfo &o : r.operations)
    if (isAnswer(o.kind) && o.object != kNone)
      answers[o.object].push_back(&o);
}

/// C++20's waits are all one futex; who called tells what the reader knows it by. Anybody else's futex may as
/// well be a lock of its own making (Chromium's allocator has one), whose holder needs nothing to give it
/// back: no conclusion.
std::optional<Block::Kind> Blocks::blockKind(const OperationInfo &o) {
  switch (o.kind) {
  case OperationKind::Join:
    return Block::Kind::Join;
  case OperationKind::SemaphoreWait:
    return Block::Kind::Semaphore;
  case OperationKind::BarrierWait:
    return Block::Kind::Barrier;
  case OperationKind::EventWait:
    return Block::Kind::Other;
  case OperationKind::FutexWait:
    break;
  default:
    return std::nullopt;
  }
  for (const Frame &f : replay.stacks.at(o.context).all)
    for (auto [part, kind] : {std::pair("__atomic_futex_unsigned", Block::Kind::Future),
                              std::pair("std::latch::", Block::Kind::Latch),
                              std::pair("std::__atomic_semaphore", Block::Kind::Semaphore),
                              std::pair("std::barrier", Block::Kind::Barrier),
                              std::pair("std::__atomic_wait_address", Block::Kind::Other)})
      if (f.function.find(part) != std::string::npos)
        return kind;
  return std::nullopt;
}

/// Was the awaited thread done with its request before the waiter took the lock? Then it was no obstacle, and
/// another schedule in which the waiter comes first is ordered away.
bool Blocks::over(uint32_t node, const OperationInfo &o, uint32_t heldNode) const {
  const NodeInfo &request = r.nodes[node], &held = r.nodes[heldNode];
  Epoch taken = held.firstEpoch;
  for (const Instance &i : held.instances)
    if (i.epoch <= o.firstEpoch)
      taken = std::max(taken, i.epoch);
  return r.order.ordered(request.thread, request.lastEpoch, o.thread, taken, {request.lock});
}

/// Did the joined thread tell, with or after that request, a condition that the joiner awaits with the same
/// lock? Then it says that it is about to end, and the joiner, who joins with the lock held, has been told:
/// the thread asks for the lock no more. (May miss a join that does not wait to be told.)
bool Blocks::announced(uint32_t node, const OperationInfo &o) const {
  if (o.kind != OperationKind::Join)
    return false;
  const NodeInfo &request = r.nodes[node];
  return std::ranges::any_of(r.operations, [&](const OperationInfo &notify) {
    return isNotify(notify.kind) && notify.thread == request.thread &&
           notify.lastEpoch >= request.lastEpoch &&
           std::ranges::any_of(r.operations, [&](const OperationInfo &wait) {
             return wait.kind == OperationKind::ConditionWait && wait.thread == o.thread &&
                    wait.object == notify.object && wait.other == request.lock;
           });
  });
}

/// Does the awaited thread take the lock where the waiter did? Then it does so to wait for a unit itself, and
/// what it gives back later is that unit: whoever has none keeps nobody waiting. (May miss a thread that
/// posts more than it takes.)
bool Blocks::alike(uint32_t node, uint32_t heldNode) {
  const Frame *a = replay.stacks.at(r.nodes[node].context).leading(),
              *b = replay.stacks.at(r.nodes[heldNode].context).leading();
  return a && b && a->location.known() && a->location == b->location && a->function == b->function;
}

std::vector<uint32_t> Blocks::awaitedNodes(const OperationInfo &o, Block::Kind kind,
                                           const std::vector<uint32_t> &held) {
  std::vector<std::pair<uint32_t, Epoch>> parties; // thread, and until when it acquires before it answers
  if (o.kind == OperationKind::Join) {
    if (o.other != kNone)
      parties.emplace_back(o.other, ~0u);
  } else if (auto found = answers.find(o.object); found != answers.end()) {
    std::map<uint32_t, Epoch> first;
    for (const OperationInfo *answer : found->second)
      if (answer->thread != o.thread) {
        auto [it, fresh] = first.try_emplace(answer->thread, answer->firstEpoch);
        it->second = std::min(it->second, answer->firstEpoch);
      }
    parties.assign(first.begin(), first.end());
  }
  std::vector<uint32_t> nodes;
  for (auto [thread, until] : parties)
    for (uint32_t n : requests[thread])
      for (uint32_t h : held)
        if (r.nodes[h].lock == r.nodes[n].lock && r.nodes[n].firstEpoch <= until && !over(n, o, h) &&
            !announced(n, o) && !(kind == Block::Kind::Semaphore && alike(n, h)))
          nodes.push_back(n);
  return nodes;
}

Subject Blocks::objectOf(const OperationInfo &o) {
  if (o.kind == OperationKind::Join) {
    std::string name = replay.threadName(o.other);
    return {name, "thread", "thread", o.other == kNone ? Location() : Location()};
  }
  return replay.names.subject(o.object);
}

void Blocks::addBlock(const OperationInfo &o, Block::Kind kind, const std::vector<uint32_t> &held) {
  std::vector<uint32_t> awaited = awaitedNodes(o, kind, held);
  if (awaited.empty())
    return;
  Block b;
  b.kind = kind;
  b.object = objectOf(o);
  b.held = replay.heldFacts(held);
  for (uint32_t n : awaited)
    b.awaited.push_back(replay.acquireFact(n));
  b.witness = replay.stacks.witness(kind == Block::Kind::Join ? StepKind::Join : StepKind::Wait, o.context);
  b.context = o.thread;
  b.function = replay.stacks.functionAt(o.context);
  replay.facts.blocks.push_back(std::move(b));
}

void Blocks::add() {
  for (const OperationInfo &o : r.operations) {
    if (o.held == kNone || (o.flags & (kOperationTimed | kOperationTry)))
      continue;
    std::vector<uint32_t> held = r.heldFrom(o.held);
    std::erase_if(held, [&](uint32_t n) { return replay.isInternalObject(r.nodes[n].lock); });
    if (std::optional<Block::Kind> kind = held.empty() ? std::nullopt : blockKind(o))
      addBlock(o, *kind, held);
  }
}

} // namespace

void addConditions(Replay &replay) {
  Conditions(replay).add();
}

void addBlocks(Replay &replay) {
  Blocks(replay).add();
}

} // namespace gordian::trace
