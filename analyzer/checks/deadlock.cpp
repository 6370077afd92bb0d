// SPDX-License-Identifier: MIT
//
// deadlock: threads did block each other for good. The run-time side has watched and verified it
// (runtime/graph); here it is only worded. Nothing is guessed, so nothing can err but the observation.
#include "checks/draft.h"
#include "finding/rules.h"

#include <algorithm>

namespace gordian::checks {

using namespace facts;

namespace {

class Wording {
public:
  explicit Wording(const ObservedDeadlock &dl) : d(dl) {}
  std::string sentence() const;

private:
  std::string nameOf(const Step &s) const {
    return s.subject >= 0 && size_t(s.subject) < d.subjects.size() ? quoted(d.subjects[s.subject].name)
                                                                   : "it";
  }
  std::string waits(const Step &s) const;
  std::string clause(const Participant &p) const;

  const ObservedDeadlock &d;
};

std::string Wording::waits(const Step &s) const {
  std::string in = s.function.empty() ? "" : " in " + quoted(functionName(s.function));
  return (s.kind == StepKind::Join ? "joins " : "waits for ") + nameOf(s) + in;
}

/// "thread T1 (worker) holds `a` and waits for `b` in `f`".
std::string Wording::clause(const Participant &p) const {
  std::string held, wanted;
  for (const Step &s : p.steps)
    if (s.kind == StepKind::Acquire)
      held += (held.empty() ? " holds " : ", ") + nameOf(s);
    else if (s.kind == StepKind::Request || s.kind == StepKind::Wait || s.kind == StepKind::Join)
      wanted = waits(s);
  if (wanted.empty())
    wanted = "is blocked";
  return p.name + held + (held.empty() ? " " : " and ") + wanted;
}

std::string Wording::sentence() const {
  constexpr size_t most = 3;
  std::string head;
  switch (d.kind) {
  case ObservedDeadlock::Kind::Cycle:
    head = counted(d.participants.size()) + (d.participants.size() == 2
                                                 ? " threads block each other for good: "
                                                 : " threads block one another for good: ");
    break;
  case ObservedDeadlock::Kind::Self:
    head = "a thread blocks itself for good: ";
    break;
  case ObservedDeadlock::Kind::Stall:
    head = "all threads are blocked and nothing can wake one: ";
    break;
  }
  for (size_t i = 0; i < std::min(d.participants.size(), most); ++i)
    head += (i ? ", " : "") + clause(d.participants[i]);
  if (d.participants.size() > most)
    head += ", and " + std::to_string(d.participants.size() - most) + " more";
  return head;
}

} // namespace

void checkDeadlock(const Facts &facts, const CheckOptions &options, CheckResult &result) {
  for (const ObservedDeadlock &d : facts.deadlocks) {
    Draft draft(facts, rule::Deadlock);
    Finding &f = draft.finding;
    f.evidence = Evidence::Confirmed;
    f.subjects = d.subjects;
    f.message = Wording(d).sentence();
    f.participants = d.participants;
    draft.finish(options, result);
  }
}

} // namespace gordian::checks
