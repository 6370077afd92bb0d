// SPDX-License-Identifier: MIT
//
// data-race. Runs: ThreadSanitizer proved the race, and it is only worded. Source: which lock guards a
// variable is inferred from the accesses themselves (guarded_by.h), and one access that breaks the habit is
// reported beside a conflicting one; or two accesses are certain to run in two threads at once and share no
// lock.
#include "checks/draft.h"
#include "checks/guarded_by.h"
#include "finding/rules.h"

#include <algorithm>

namespace gordian::checks {

using namespace facts;

static std::string accessWord(StepKind kind) {
  return kind == StepKind::Write ? "writes " : "reads ";
}

static std::string observedMessage(const ObservedRace &r) {
  auto clause = [](const Participant &p) {
    for (const Step &s : p.steps)
      if (s.kind == StepKind::Read || s.kind == StepKind::Write)
        return std::pair(s.function.empty() ? p.name : quoted(functionName(s.function)), accessWord(s.kind));
    return std::pair(p.name, std::string("accesses "));
  };
  auto [who1, does1] = clause(r.first);
  auto [who2, does2] = clause(r.second);
  std::string name = r.variable.name.empty() ? "the same memory" : quoted(r.variable.name);
  return who1 + " " + does1 + name + " while " + who2 + " " + does2 + "it in another thread, and " +
         (r.predicted ? "only the order in which a lock happened to be acquired kept them apart in this run"
                      : "nothing orders them");
}

static void reportObserved(const Facts &facts, const CheckOptions &options, CheckResult &result) {
  for (const ObservedRace &r : facts.races) {
    Draft draft(facts, rule::DataRace);
    Finding &f = draft.finding;
    f.evidence = r.predicted ? Evidence::Predicted : Evidence::Observed;
    f.subjects = {r.variable};
    f.message = observedMessage(r);
    f.participants = {r.first, r.second};
    f.related = r.related;
    for (const Step &s : r.first.steps)
      if (s.kind == StepKind::Read || s.kind == StepKind::Write)
        f.location = s.location;
    draft.finish(options, result);
  }
}

static std::string inferredMessage(const Facts &facts, const Suspicion &s) {
  std::string variable = quoted(facts.variables[s.variable].subject.name);
  std::string does = s.access->write ? " writes " : " reads ",
              here = quoted(functionName(s.access->function));
  std::string there = quoted(functionName(s.conflicting->function));
  std::string other = s.conflicting->write ? " writes" : " reads";
  std::string lock = s.guard == kNone ? "" : quoted(facts.locks[s.guard].subject.name);
  switch (s.kind) {
  case Suspicion::Kind::Unguarded:
    return here + does + variable + " without " + lock + ", which guards " + std::to_string(s.support) +
           " of its " + std::to_string(s.total) + " accesses, while " + there + other +
           " it in another thread";
  case Suspicion::Kind::DoubleChecked:
    return here + does + variable + " before it acquires " + lock + ", under which " + there + other +
           " it: double-checked locking needs an atomic variable";
  case Suspicion::Kind::SharedWrite:
    return here + does + variable + " while holding " + lock + " shared only: other readers are inside too";
  case Suspicion::Kind::DifferentLocks:
    return variable + " is guarded by " + lock + " in " + here + " but by " +
           quoted(facts.locks[s.otherGuard].subject.name) + " in " + there +
           ": the two do not exclude each other";
  case Suspicion::Kind::NoLock:
    break;
  }
  return here + does + variable + " while " + there + other +
         " it in another thread, and no lock is held by both";
}

static std::vector<Participant> participants(const Facts &facts, Draft &draft, const Suspicion &s) {
  std::vector<Participant> out;
  std::vector<Way> ways = facts.order->ways(*s.access, *s.conflicting);
  ways.resize(2);
  for (const Access *a : {s.access, s.conflicting}) {
    const Way &way = ways[out.size()];
    Participant p;
    p.name = way.thread.empty() ? contextName(facts, a->context, a->function) : way.thread;
    std::vector<Step> witness = a->witness;
    if (!witness.empty())
      witness.back().stack.insert(witness.back().stack.end(), way.calls.begin(), way.calls.end());
    std::string note;
    for (const Held &h : a->held)
      if (h.lock == s.guard || h.lock == s.otherGuard) {
        draft.append(p, h);
        note = "while holding " + quoted(facts.locks[h.lock].subject.name) +
               (h.mode == Mode::Shared ? " shared" : "");
      }
    draft.append(p, witness, a->write ? StepKind::Write : StepKind::Read,
                 draft.subject(facts.variables[s.variable].subject), Mode::Exclusive,
                 note.empty() && s.guard != kNone ? "without " + quoted(facts.locks[s.guard].subject.name)
                                                  : note);
    out.push_back(std::move(p));
  }
  return out;
}

static void reportInferred(const Facts &facts, const CheckOptions &options, CheckResult &result) {
  for (const std::vector<Suspicion> &ofOneVariable : findSuspicions(facts)) {
    const Suspicion &s = ofOneVariable.front();
    Draft draft(facts, rule::DataRace);
    Finding &f = draft.finding;
    f.level = Level::Warning;
    for (LockId id : {s.guard, s.otherGuard})
      if (id != kNone)
        draft.lock(id);
    draft.subject(facts.variables[s.variable].subject);
    f.message = inferredMessage(facts, s);
    f.factors = s.factors;
    f.hint = s.hint;
    f.participants = participants(facts, draft, s);
    f.location = placeOf(s.access->witness);
    for (size_t i = 1; i < ofOneVariable.size(); ++i)
      if (ofOneVariable[i].hint == s.hint) {
        ++f.alternativesTotal;
        if (f.alternatives.size() < options.cycles.alternatives)
          f.alternatives.push_back(participants(facts, draft, ofOneVariable[i]));
      }
    draft.finish(options, result);
  }
}

void checkDataRace(const Facts &facts, const CheckOptions &options, CheckResult &result) {
  reportObserved(facts, options, result);
  reportInferred(facts, options, result);
}

} // namespace gordian::checks
