// SPDX-License-Identifier: MIT
//
// lock-leak: a lock is still held where its holder ends. The finding stands at the acquisition; the way out
// is related.
//
// A release of the wrong lock leaves the right one held: where the leaving function also releases a lock that
// it never acquired, that bad release is the defect, and the leak is left out (may miss a second, independent
// leak in the same function until the first is repaired). The callers of a function that leaks leave the lock
// held as well; only the function itself is reported.
#include "checks/draft.h"
#include "checks/leak_source.h"
#include "finding/rules.h"

#include <set>

namespace gordian::checks {

using namespace facts;

static std::string message(const Facts &facts, const HeldAtExit &h) {
  std::string name = quoted(facts.locks[h.held.lock].subject.name),
              function = quoted(functionName(h.function));
  std::string taker = quoted(takenIn(h.held, h.function));
  std::string since = taker == function ? "" : ", which " + taker + " acquired";
  switch (h.kind) {
  case HeldAtExit::Kind::Return:
    return function + " returns with " + name + " held" + since + ": nobody releases it";
  case HeldAtExit::Kind::Throw:
    return "an exception leaves " + function + " with " + name + " held" + since + ": nobody releases it";
  case HeldAtExit::Kind::ThreadExit:
    return "a thread ends in " + function + " with " + name + " held: nobody else can release it";
  case HeldAtExit::Kind::ThreadCancelled:
    return "a thread is cancelled in " + function + " with " + name + " held: nobody else can release it";
  case HeldAtExit::Kind::ProcessExit:
    return name + " is still held when the process ends: " + taker + " acquired it and never released it";
  case HeldAtExit::Kind::Destroy:
    return function + " destroys " + name + " while it is held" + since;
  }
  return "";
}

void checkLockLeak(const Facts &facts, const CheckOptions &options, CheckResult &result) {
  std::set<std::pair<std::string, ContextId>> wrongReleases;
  for (const BadRelease &b : facts.badReleases)
    if (b.kind == BadRelease::Kind::NeverAcquired)
      wrongReleases.insert({b.function, b.context});
  LeakSources sources(facts);
  std::vector<const HeldAtExit *> order;
  for (const HeldAtExit &h : facts.heldAtExits)
    if (!wrongReleases.count({h.function, h.context}) && !sources.explain(h.held, h.function))
      order.push_back(&h);
  std::stable_sort(order.begin(), order.end(), [](const HeldAtExit *a, const HeldAtExit *b) {
    auto c = compare(a->held.acquired, b->held.acquired);
    return c != 0 ? c < 0 : compare(a->exit, b->exit) < 0;
  });
  for (const HeldAtExit *h : order) {
    Draft draft(facts, rule::LockLeak);
    int subject = draft.lock(h->held.lock);
    Finding &f = draft.finding;
    f.message = message(facts, *h);
    f.factors = h->factors;
    if (!h->held.must)
      f.factors.push_back({"the lock is held on some paths to the exit only", 0.7});
    f.location = placeOf(h->held.acquired);
    Participant p;
    p.name = contextName(facts, h->context, h->function);
    draft.append(p, h->held);
    bool destroyed = h->kind == HeldAtExit::Kind::Destroy;
    draft.append(p, h->exit, destroyed ? StepKind::Destroy : StepKind::Exit, subject, h->held.mode);
    f.participants.push_back(std::move(p));
    draft.finish(options, result);
  }
}

} // namespace gordian::checks
