// SPDX-License-Identifier: MIT
//
// See counted_gates.h.
#include "trace/counted_gates.h"

#include <algorithm>

namespace gordian::trace {

namespace {

enum class Position { Before, After, Unknown };

/// The function that the machine code belongs to, whatever was inlined there.
const std::string &enclosing(const Stack &stack, size_t frame) {
  while (frame + 1 < stack.addresses.size() && stack.addresses[frame + 1].inlined != 0)
    ++frame;
  return stack.all[frame].function;
}

/// Physical frames, outermost first.
std::vector<size_t> physical(const Stack &stack) {
  std::vector<size_t> frames;
  for (size_t i = stack.addresses.size(); i-- > 0;)
    if (stack.addresses[i].inlined == 0 && !stack.addresses[i].module.path.empty())
      frames.push_back(i);
  return frames;
}

/// Where a stands to b in the function in which their stacks part.
Position position(const Stack &a, const Stack &b) {
  const std::vector<size_t> as = physical(a), bs = physical(b);
  for (size_t i = 0; i < std::min(as.size(), bs.size()); ++i) {
    const CodeAddress &x = a.addresses[as[i]], &y = b.addresses[bs[i]];
    if (x.module.path == y.module.path && x.offset == y.offset)
      continue;
    if (x.module.path != y.module.path || enclosing(a, as[i]) != enclosing(b, bs[i]))
      return Position::Unknown;
    return x.offset < y.offset ? Position::Before : Position::After;
  }
  return Position::Unknown;
}

struct Use { // of a semaphore by a thread
  std::vector<const OperationInfo *> waits, posts;
};
using Uses = std::map<uint32_t, Use>; // by thread

/// Who posts what it has not taken hands over, and then the semaphore limits nothing.
std::map<uint32_t, Uses> limits(const Recording &r) {
  std::map<uint32_t, Uses> all;
  for (const OperationInfo &o : r.operations) {
    if (o.object == kNone || r.locks[o.object].initial == 0)
      continue;
    if (o.kind == OperationKind::SemaphoreWait)
      all[o.object][o.thread].waits.push_back(&o);
    else if (o.kind == OperationKind::SemaphorePost)
      all[o.object][o.thread].posts.push_back(&o);
  }
  std::erase_if(all, [](const auto &semaphore) {
    return std::ranges::any_of(semaphore.second, [](const auto &use) { return use.second.waits.empty(); });
  });
  return all;
}

bool inside(const NodeInfo &node, const Use &use, Stacks &stacks) {
  const Stack &here = stacks.at(node.context);
  for (const OperationInfo *wait : use.waits) {
    const Stack &taken = stacks.at(wait->context);
    if (wait->firstEpoch > node.firstEpoch || position(taken, here) != Position::Before)
      continue;
    bool givenBack = false, before = false;
    for (const OperationInfo *post : use.posts) {
      const Stack &posted = stacks.at(post->context);
      const Position at = position(posted, here);
      givenBack |= at == Position::After && post->lastEpoch >= node.lastEpoch;
      before |= at == Position::Before && position(posted, taken) == Position::After;
    }
    if (givenBack && !before)
      return true;
  }
  return false;
}

} // namespace

CountedGates::CountedGates(const Recording &r, Stacks &stacks, const std::vector<uint32_t> &nodes) {
  for (const auto &[semaphore, uses] : limits(r)) {
    Gate gate;
    gate.units = r.locks[semaphore].initial;
    for (uint32_t n : nodes)
      if (auto use = uses.find(r.nodes[n].thread);
          use != uses.end() && inside(r.nodes[n], use->second, stacks))
        gate.nodes.insert(n);
    if (gate.nodes.size() > gate.units)
      gates.push_back(std::move(gate));
  }
}

bool CountedGates::exclude(const std::vector<uint32_t> &nodes) const {
  return std::ranges::any_of(gates, [&](const Gate &gate) {
    return std::ranges::count_if(nodes, [&](uint32_t n) { return gate.nodes.count(n) != 0; }) > gate.units;
  });
}

} // namespace gordian::trace
