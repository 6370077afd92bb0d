// SPDX-License-Identifier: MIT
//
// lock-order-inversion: the feasible cycles of the lock-order graph (facts/cycles.h has the algorithm and
// which way it errs), worded. One participant for each edge: it takes the first lock, then asks for the
// second; a writer that must queue between two readers is a participant of its own. A cycle that only
// Unlikely concurrency could close is a hint.
#include "checks/draft.h"
#include "checks/leak_source.h"
#include "finding/rules.h"

#include <algorithm>

namespace gordian::checks {

using namespace facts;

namespace {

class Inversion {
public:
  Inversion(const Facts &f, const LockCycle &c) : facts(f), cycle(c), draft(f, rule::LockOrderInversion) {}
  void report(const CheckOptions &options, CheckResult &result);

private:
  std::vector<Participant> participants(const Cycle &c);
  Participant edge(const Member &m);
  Participant writer(const Acquire &w);
  std::string holderOf(const Member &m) const { return takenIn(m.held(), m.acquire->function); }
  std::string message() const;
  std::string locksInWords() const;
  std::string orderInWords() const;

  const Facts &facts;
  const LockCycle &cycle;
  Draft draft;
};

Participant Inversion::edge(const Member &m) {
  Participant p;
  std::string holder = holderOf(m), asker = functionName(m.acquire->function);
  p.name = contextName(facts, m.acquire->context, holder == asker ? holder : holder + " -> " + asker);
  draft.append(p, m.held());
  draft.append(p, m.acquire->witness, StepKind::Request, draft.lock(m.to()), m.acquire->mode,
               "while holding " + quoted(facts.locks[m.from()].subject.name));
  return p;
}

Participant Inversion::writer(const Acquire &w) {
  Participant p;
  p.name = contextName(facts, w.context, w.function);
  draft.append(p, w.witness, StepKind::Request, draft.lock(w.lock), w.mode,
               "queues behind the reader, and further readers queue behind it");
  return p;
}

std::vector<Participant> Inversion::participants(const Cycle &c) {
  std::vector<Participant> out;
  for (size_t i = 0; i < c.members.size(); ++i) {
    out.push_back(edge(c.members[i]));
    if (c.queuedWriters[i])
      out.push_back(writer(*c.queuedWriters[i]));
  }
  return out;
}

std::string Inversion::locksInWords() const {
  std::vector<std::string> names;
  for (LockId id : cycle.locks)
    names.push_back(facts.locks[id].subject.name);
  bool oneName =
      std::all_of(names.begin(), names.end(), [&](const std::string &n) { return n == names.front(); });
  return oneName ? counted(names.size()) + " instances of " + quoted(names.front()) : listed(names);
}

std::string Inversion::orderInWords() const {
  if (cycle.locks.size() == 2)
    return "in opposite orders";
  return "in an order that forms a ring";
}

std::string Inversion::message() const {
  std::vector<std::string> functions;
  for (const Member &m : cycle.best.members)
    functions.push_back(holderOf(m));
  bool oneFunction = std::all_of(functions.begin(), functions.end(),
                                 [&](const std::string &f) { return f == functions.front(); });
  std::vector<std::string> writers;
  for (const Acquire *w : cycle.best.queuedWriters)
    if (w)
      writers.push_back(functionName(w->function));
  std::string out = locksInWords() + " are acquired " + orderInWords() + (oneFunction ? " within " : " by ") +
                    listed(functions) + ": " + counted(cycle.best.acquires().size()) + " threads can block " +
                    (cycle.best.acquires().size() == 2 ? "each other" : "one another") + " for good";
  if (!writers.empty())
    out += " once " + listed(writers) + (writers.size() == 1 ? " waits" : " wait") + " to write";
  if (cycle.best.concurrency == Concurrency::Unlikely)
    out += ", if nothing else keeps them apart";
  return out;
}

void Inversion::report(const CheckOptions &options, CheckResult &result) {
  for (LockId id : cycle.locks)
    draft.lock(id);
  Finding &f = draft.finding;
  f.message = message();
  f.participants = participants(cycle.best);
  for (const Cycle &other : cycle.alternatives)
    f.alternatives.push_back(participants(other));
  f.alternativesTotal = unsigned(cycle.alternativesTotal);
  f.factors = cycle.best.factors;
  f.reason = cycle.best.reason;
  f.location = placeOf(cycle.best.members.back().acquire->witness);
  f.hint = cycle.best.concurrency == Concurrency::Unlikely;
  if (cycle.best.concurrency == Concurrency::Proved && facts.evidence == Evidence::Observed)
    f.evidence = Evidence::Predicted;
  draft.finish(options, result);
}

/// The same circle by a detour: `longer` has all locks of `shorter` and one of its edges. Without that edge
/// both are gone, and one defect gets one finding.
bool isDetour(const LockCycle &longer, const LockCycle &shorter) {
  auto has = [&](LockId l) {
    return std::find(longer.locks.begin(), longer.locks.end(), l) != longer.locks.end();
  };
  if (shorter.locks.size() >= longer.locks.size() || shorter.best.concurrency == Concurrency::Unlikely ||
      !std::all_of(shorter.locks.begin(), shorter.locks.end(), has))
    return false;
  return std::any_of(longer.best.members.begin(), longer.best.members.end(), [&](const Member &m) {
    return std::any_of(shorter.best.members.begin(), shorter.best.members.end(),
                       [&](const Member &n) { return m.from() == n.from() && m.to() == n.to(); });
  });
}

} // namespace

void checkLockOrderInversion(const Facts &facts, const CheckOptions &options, CheckResult &result) {
  CycleSearch search = findCycles(facts, options.cycles);
  LeakSources leaks(facts);
  auto fromLeak = [&](const Cycle &cycle) {
    return std::any_of(cycle.members.begin(), cycle.members.end(),
                       [&](const Member &m) { return leaks.explain(m.held(), m.acquire->function); });
  };
  result.cutOff += search.unexamined;
  for (const LockCycle &cycle : search.cycles)
    if (!(fromLeak(cycle.best) &&
          std::all_of(cycle.alternatives.begin(), cycle.alternatives.end(), fromLeak)) &&
        std::none_of(search.cycles.begin(), search.cycles.end(),
                     [&](const LockCycle &other) { return isDetour(cycle, other); }))
      Inversion(facts, cycle).report(options, result);
}

} // namespace gordian::checks
