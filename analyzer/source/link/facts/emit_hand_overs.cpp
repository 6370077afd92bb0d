// SPDX-License-Identifier: MIT
//
// What threads tell each other by without a lock: atomics, semaphores, conditions, latches, barriers,
// futures. A function gives or takes what its callees do a few calls down: a lock made by hand of an atomic,
// a queue's push and pop.
#include "source/link/facts/emitter.h"

namespace gordian::link {

constexpr int kHandOverDepth = 2;    // calls between the function and the operation
constexpr size_t kMaxHandOvers = 32; // of one function
constexpr uint32_t kAtEnd = kNone;   // a site behind all others

static uint64_t endOfThread(FunctionId f) {
  return (static_cast<uint64_t>(BlockingWait::Kind::Join) + 1) << 32 | f;
}

/// Kinds of waits are numbered from 1; 0 is an atomic.
uint64_t Emitter::handedOver(BlockingWait::Kind kind, Sym object, const Scene &s) {
  NameId n = object == kNoSym ? kNone : named(object, s, false).name;
  uint32_t id = n == kNone ? facts::kHandOverUnknown : identity.finalName(n);
  return (static_cast<uint64_t>(kind) + 1) << 32 | id;
}

/// Who joins a thread whose handle an object keeps takes what the thread has done, which the order of threads
/// does not know.
void Emitter::addJoined(const WaitEvent &e, const Scene &s, std::set<Given> &out) {
  if (!e.ownWait || !isOfFirstParameter(syms, e.wait.object))
    return;
  for (FunctionId f : awaitedFunctions(e, s)) {
    out.insert({endOfThread(f), false, e.site});
    joinedThreads.insert(f);
  }
}

/// What a thread runs it gives when it ends.
void Emitter::addThreadEnds(std::vector<std::set<Given>> &own) const {
  constexpr int kDepth = 3;
  for (FunctionId thread : joinedThreads) {
    std::set<FunctionId> runs = {thread};
    for (int depth = 0; depth < kDepth; ++depth)
      for (FunctionId f : std::vector<FunctionId>(runs.begin(), runs.end()))
        for (const CallEvent &call : context.events[f].calls)
          runs.insert(call.targets.begin(), call.targets.end());
    for (FunctionId f : runs)
      own[f].insert({endOfThread(thread), true, kAtEnd});
  }
}

void Emitter::addOwnHandOvers(const Scene &s, std::set<Given> &out) {
  using Kind = BlockingWait::Kind;
  for (const NotifyEvent &e : s.events.notifies)
    out.insert({handedOver(e.kind, e.object, s), true, e.site});
  for (const WaitEvent &e : s.events.waits) {
    if (e.wait.kind == Kind::Join) {
      addJoined(e, s, out);
      continue;
    }
    uint64_t thing = handedOver(e.wait.kind, e.wait.object, s);
    out.insert({thing, false, e.site});
    if (e.wait.kind == Kind::Barrier)
      out.insert({thing, true, e.site});
  }
  for (const AccessEvent &e : s.events.accesses) {
    Named n = e.atomic ? named(e.address, s, false) : Named();
    if (n.name == kNone)
      continue;
    uint64_t thing = identity.finalName(n.name);
    if (e.write)
      out.insert({thing, true, e.site});
    if (!e.write || e.exchanges)
      out.insert({thing, false, e.site});
  }
}

void Emitter::emitHandOvers() {
  std::vector<std::set<Given>> own(context.events.size());
  for (const CallContext &c : contexts.all())
    addOwnHandOvers({c.function, c, context.events[c.function]}, own[c.function]);
  for (int depth = 0; depth < kHandOverDepth; ++depth) {
    std::vector<std::set<Given>> all = own;
    for (FunctionId f = 0; f < own.size(); ++f)
      for (const CallEvent &call : context.events[f].calls)
        for (FunctionId target : call.targets)
          for (const Given &g : own[target])
            if (all[f].size() < kMaxHandOvers)
              all[f].insert({g.thing, g.gives, call.site});
    own = std::move(all);
  }
  addThreadEnds(own);
  for (FunctionId f = 0; f < own.size(); ++f)
    for (const Given &g : own[f])
      facts.handOvers.push_back({steps.functionName(f), g.thing, g.gives,
                                 g.site == kAtEnd ? Location() : steps.locationOf(f, g.site)});
}

} // namespace gordian::link
