// SPDX-License-Identifier: MIT
//
// The oracle of Facts for source: may things happen at the same time in different threads? A place in the
// code is reached from roots; two places are concurrent if two roots can be found for them that run as two
// threads at once:
//   - entries of a library: always (nobody knows better),
//   - main and a thread: if the thread may run at that point of main (started before, not joined yet),
//   - two threads: unless one is started when the other is joined,
//   - a thread and itself: if another one of it may run when it is started.
// Of a local variable each call of its function has its own: there, only what that one call starts counts.
// A thread is known by the place that starts it: a function that is started at two places is two threads.
#ifndef GORDIAN_SOURCE_LINK_FACTS_SOURCE_ORDER_H
#define GORDIAN_SOURCE_LINK_FACTS_SOURCE_ORDER_H

#include "facts/facts.h"
#include "source/link/facts/contexts.h"

#include <optional>
#include <unordered_map>

namespace gordian::link {

/// One way to reach a fact: a root, and for main the threads that run then.
struct Reach {
  Root::Kind kind = Root::Kind::Entry;
  FunctionId function = kNone;
  SpawnSite thread; // kind Thread: where it is started
  bool many = false;
  bool again = false; // a second one may run although what starts it is called but once
  std::string name;
  friend auto operator<=>(const Reach &, const Reach &) = default;
};

struct FactContext {
  std::vector<Reach> reaches;
  std::set<SpawnSite> running; // the threads that may run, as main sees it
  FunctionId localOf = kNone;  // it is about a local variable of this function: each call of it has its own
  friend auto operator<=>(const FactContext &, const FactContext &) = default;
};

class SourceOrder : public facts::Order {
public:
  std::vector<FactContext> contexts;
  bool hasMain = false, startsThreads = false;
  std::map<FunctionId, Programs::Set> programs; // by root
  /// What calls what: the callee and the place of the first call.
  struct Calls {
    std::string name;
    std::vector<std::pair<FunctionId, Location>> callees;
  };
  std::vector<Calls> calls; // by function
  /// Pairs of threads that may run together.
  std::set<std::pair<SpawnSite, SpawnSite>> together;
  /// The same of threads that one call has started.
  std::set<std::pair<SpawnSite, SpawnSite>> togetherInCall;
  /// The roots that run a function, by function; of functions whose locals are shared.
  std::map<FunctionId, std::set<FunctionId>> runBy;
  /// Places that start what their function is given, from main, and leave nothing running behind the call:
  /// different functions run in turn.
  std::set<SpawnSite> inTurn;

  facts::Concurrency concurrent(const std::vector<const facts::Acquire *> &cycle) const override;
  facts::Concurrency concurrent(const facts::Access &a, const facts::Access &b) const override;
  std::vector<facts::Way> ways(const facts::Access &a, const facts::Access &b) const override;
  std::string reason(const std::vector<const facts::Acquire *> &cycle) const override;

private:
  facts::Concurrency ofTwo(uint32_t a, uint32_t b) const;
  std::vector<gordian::Frame> path(FunctionId from, FunctionId to) const;
  facts::Concurrency pair(const FactContext &a, const Reach &x, const FactContext &b, const Reach &y) const;
  bool startsBelow(FunctionId f, const Reach &r) const;
  std::optional<facts::Concurrency> inOneCall(const FactContext &a, const Reach &x, const FactContext &b,
                                              const Reach &y) const;
  facts::Concurrency assign(const std::vector<const FactContext *> &all,
                            std::vector<const Reach *> &chosen) const;

  mutable std::map<FunctionId, std::set<FunctionId>> below; // what a function calls, directly or not
  /// Accesses and cycles are judged by the million, in few pairs of contexts. The checks run one after
  /// another.
  mutable std::unordered_map<uint64_t, facts::Concurrency> ofContexts;  // by both
  mutable std::map<std::vector<uint32_t>, facts::Concurrency> ofCycles; // by all, sorted
};

} // namespace gordian::link

#endif
