// SPDX-License-Identifier: MIT
//
// release-without-acquire: a thread gives back what it does not hold. The front end tells the four kinds
// apart; this check words them and leaves out the ones that are the shadow of another defect: a condition
// wait that is given a mutex which is not held releases it inside, and is condition-misuse.
//
// Errs: as the front end's witness does; nothing is guessed here.
#include "checks/draft.h"
#include "finding/rules.h"

#include <set>

namespace gordian::checks {

using namespace facts;

static std::string modeName(Mode m) {
  return m == Mode::Shared ? "shared" : "exclusive";
}

static std::string message(const Facts &facts, const BadRelease &b) {
  std::string name = quoted(facts.locks[b.lock].subject.name), function = quoted(functionName(b.function));
  switch (b.kind) {
  case BadRelease::Kind::NeverAcquired:
    return function + " releases " + name + ", which its thread does not hold";
  case BadRelease::Kind::ReleasedTwice:
    return function + " releases " + name + " a second time";
  case BadRelease::Kind::OtherThread:
    return function + " releases " + name + ", which another thread holds";
  case BadRelease::Kind::WrongMode: {
    Mode other = b.mode == Mode::Shared ? Mode::Exclusive : Mode::Shared;
    return function + " releases " + name + " as " + modeName(b.mode) + ", but it is held " + modeName(other);
  }
  }
  return "";
}

void checkReleaseWithoutAcquire(const Facts &facts, const CheckOptions &options, CheckResult &result) {
  std::set<Location> misusedWaits;
  for (const Wait &w : facts.waits)
    if (!w.mutexHeld)
      misusedWaits.insert(placeOf(w.witness));
  for (const BadRelease *b : inStableOrder(facts.badReleases)) {
    Location place = placeOf(b->witness);
    if (place.known() && misusedWaits.count(place))
      continue;
    Draft draft(facts, rule::ReleaseWithoutAcquire);
    int subject = draft.lock(b->lock);
    Finding &f = draft.finding;
    f.message = message(facts, *b);
    f.factors = b->factors;
    f.location = place;
    Participant p;
    p.name = contextName(facts, b->context, b->function);
    draft.append(p, b->witness, StepKind::Release, subject, b->mode);
    f.participants.push_back(std::move(p));
    bool released = b->kind == BadRelease::Kind::ReleasedTwice;
    f.related = draft.steps(b->earlier, released ? StepKind::Release : StepKind::Acquire, subject,
                            Mode::Exclusive, released ? "released here before" : "held since here");
    std::vector<Step> guard =
        draft.steps(b->guard, StepKind::Release, subject, Mode::Exclusive, "by the guard that is made here");
    f.related.insert(f.related.end(), guard.begin(), guard.end());
    draft.finish(options, result);
  }
}

} // namespace gordian::checks
