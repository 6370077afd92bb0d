// SPDX-License-Identifier: MIT
//
// Weights of the factors. They order findings and decide which stay below the default cut; each stands for
// the share of such candidates that we expect to be real.
#include "facts/feasible.h"

#include <algorithm>

namespace gordian::facts {

namespace {
constexpr double kSomePathsOnly = 0.7;   // a source lock that is held on some paths to the request only
constexpr double kPossibleGate = 0.5;    // a common lock that may exclude the members
constexpr double kQueuedWriter = 0.9;    // a lock kind that is documented to let writers pass
constexpr double kQueuedWriterStd = 0.6; // std::shared_mutex: allowed to, but libstdc++'s does not
constexpr double kObjectsUnknown = 0.8;  // two objects of one name whose relation is unknown
constexpr double kFarObjects = 0.7;      // ... and which functions far from each other chose
constexpr double kOneObject = 0.7;       // two locks of one class, which may be of one object or of two
constexpr double kMoreObjects = 0.4;     // closes only over further objects and threads
constexpr size_t kWritersTried = 16;
} // namespace

Hop hop(const Lock &lock, Mode held, Mode requested) {
  if (conflicts(held, requested))
    return Hop::Waits;
  bool writersPass = lock.kind == LockKind::WriterRwLock || lock.kind == LockKind::SharedMutex;
  return writersPass ? Hop::Writer : Hop::Never;
}

bool Judge::apart(const Acquire *a, const Acquire *b) const {
  auto it = pairs.find(std::minmax(a, b));
  return it != pairs.end() && it->second;
}

bool Judge::waits(const std::vector<Member> &members, std::vector<size_t> &writerHops) const {
  for (size_t i = 0; i < members.size(); ++i) {
    const Member &holder = members[(i + 1) % members.size()];
    switch (hop(facts.locks[holder.from()], holder.held().mode, members[i].acquire->mode)) {
    case Hop::Never:
      return false;
    case Hop::Writer:
      writerHops.push_back(i);
      break;
    case Hop::Waits:
      break;
    }
  }
  return true;
}

// On No, learns which pair is to blame, so that the search stops combining it with others.
Concurrency Judge::ask(const Cycle &cycle) {
  std::vector<const Acquire *> all = cycle.acquires();
  Concurrency answer = facts.order->concurrent(all);
  if (answer != Concurrency::No)
    return answer;
  for (size_t i = 0; i < all.size(); ++i)
    for (size_t j = i + 1; j < all.size(); ++j) {
      auto [it, fresh] = pairs.try_emplace(std::minmax(all[i], all[j]), true);
      if (fresh && all.size() > 2)
        it->second = facts.order->concurrent({all[i], all[j]}) == Concurrency::No;
    }
  return Concurrency::No;
}

// Chooses writers for hops[next..] so that the whole is as likely as it can be. A writer must get as far as
// its own request, so it may hold nothing that a member holds against it.
void Judge::chooseWriters(Cycle &trial, const std::vector<size_t> &hops, size_t next, Cycle &best) {
  if (next == hops.size()) {
    trial.concurrency = ask(trial);
    if (trial.concurrency > best.concurrency)
      best = trial;
    return;
  }
  size_t tried = 0;
  for (const Acquire *w : graph.writers(trial.members[hops[next]].to())) {
    if (best.concurrency >= Concurrency::Yes || ++tried > kWritersTried)
      return;
    bool blocked = std::any_of(trial.members.begin(), trial.members.end(),
                               [&](const Member &m) { return gated(facts.locks, m.acquire->held, w->held); });
    if (blocked)
      continue;
    trial.queuedWriters[hops[next]] = w;
    chooseWriters(trial, hops, next + 1, best);
  }
}

/// The function that took the first lock does not ask for the second.
static bool areFar(const Member &m) {
  const std::vector<Step> &acquired = m.held().acquired;
  return !acquired.empty() && acquired.back().function != m.acquire->function;
}

/// Two locks of one class's objects, which only close a circle if they are of one object.
static bool mayBeTwo(const std::vector<Lock> &locks, const Member &m) {
  const Lock &from = locks[m.from()], &to = locks[m.to()];
  return from.manyInstances && to.manyInstances && !from.owner.empty() && from.owner == to.owner &&
         !(m.acquire->object && m.acquire->object == m.held().object);
}

void Judge::addFactors(Cycle &cycle, const Instances &instances, Exclusion exclusion) const {
  auto add = [&](const char *name, double weight) { cycle.factors.push_back({name, weight}); };
  for (size_t i = 0; i < cycle.members.size(); ++i) {
    const Member &m = cycle.members[i];
    // Two threads at one place are one assumption.
    if (std::find(cycle.members.begin(), cycle.members.begin() + static_cast<long>(i), m) !=
        cycle.members.begin() + static_cast<long>(i))
      continue;
    for (const std::vector<Factor> *f : {&m.acquire->factors, &m.held().factors})
      cycle.factors.insert(cycle.factors.end(), f->begin(), f->end());
    if (!m.held().must)
      add("the first lock is held on some paths only", kSomePathsOnly);
    if (m.held().relation != Relation::Unknown)
      continue;
    if (m.from() == m.to())
      areFar(m) ? add("functions far from each other chose the two objects", kFarObjects)
                : add("how the two objects relate is unknown", kObjectsUnknown);
    else if (mayBeTwo(facts.locks, m))
      add("the two locks may be of two objects", kOneObject);
  }
  for (size_t i = 0; i < cycle.members.size(); ++i)
    if (cycle.queuedWriters[i]) {
      bool documented = facts.locks[cycle.members[i].to()].kind == LockKind::WriterRwLock;
      add("a reader waits behind a queued writer", documented ? kQueuedWriter : kQueuedWriterStd);
    }
  if (exclusion == Exclusion::Possible)
    add("a common lock may exclude them", kPossibleGate);
  if (instances.contradictory())
    add("closes only over further objects", kMoreObjects);
}

std::optional<Cycle> Judge::judge(const std::vector<Member> &members) {
  std::vector<size_t> writerHops;
  if (!waits(members, writerHops))
    return std::nullopt;
  Instances instances(facts.locks, members);
  Exclusion excluded = exclusion(facts.locks, members, instances);
  if (excluded == Exclusion::Certain || descends(facts.locks, members, instances.contradictory()))
    return std::nullopt;
  Cycle trial, cycle;
  trial.members = members;
  trial.queuedWriters.resize(members.size());
  cycle.concurrency = Concurrency::No;
  chooseWriters(trial, writerHops, 0, cycle);
  if (cycle.concurrency == Concurrency::No)
    return std::nullopt;
  addFactors(cycle, instances, excluded);
  return cycle;
}

} // namespace gordian::facts
