// SPDX-License-Identifier: MIT
//
// condition-misuse: five ways to use a condition variable wrongly, each a function below.
//   no mutex      the wait is given a mutex that its thread does not hold, or none
//   two mutexes   two waits for one condition are given different mutexes
//   nested        the waiter keeps a second lock that every notifier must take before it can notify
//   no loop       the wait is not in a loop that tests again: a spurious or stolen wake-up passes for a real
//   one lost wake-up  what the predicate reads is written without the waiters' mutex, so that the write and
//   the notify can
//                 fall between the waiter's test and its sleep
// A wait that is given the wrong mutex is not looked at further: one defect, one finding.
//
// Errs. Timed waits without a loop are taken for sleeps, timed waits under a second lock give up by
// themselves, and a lost wake-up among timed waits only delays: hints (may miss; a run has
// shown all notifiers, so there the second is none). A condition whose notifiers
// are unknown is never nested (may miss). One notifier that can notify without the second lock is enough for
// silence (may miss, where that one never runs). A condition that stands for many objects may use one mutex
// for each; only mutexes of the same object as the condition are compared then (may miss). A write before the
// notifier takes the mutex is taken as safe even where other code runs between (may miss).
#include "checks/draft.h"
#include "finding/rules.h"

#include <algorithm>
#include <map>
#include <set>

namespace gordian::checks {

using namespace facts;

namespace {

struct Condition {
  std::vector<const Wait *> waits;
  std::vector<const Notify *> notifies;
};

class Conditions {
public:
  Conditions(const Facts &f, const CheckOptions &o, CheckResult &r) : facts(f), options(o), result(r) {}
  void check(const Condition &c);

private:
  bool noMutex(const Wait &w);
  bool twoMutexes(const Condition &c);
  bool nested(const Condition &c, const Wait &w);
  bool noLoop(const Wait &w);
  void lostWakeup(const Condition &c);

  Draft start(const Wait &w, std::vector<LockId> locks, std::string message) const;
  void addWaiter(Draft &d, const Wait &w, const std::string &note = "") const;
  std::string nameOf(LockId id) const { return quoted(facts.locks[id].subject.name); }
  std::string in(const Wait &w) const { return quoted(functionName(w.function)); }

  const Facts &facts;
  const CheckOptions &options;
  CheckResult &result;
};

/// A finding about a wait; the locks that the message names come first among the subjects.
Draft Conditions::start(const Wait &w, std::vector<LockId> locks, std::string message) const {
  Draft draft(facts, rule::ConditionMisuse);
  for (LockId id : locks)
    if (id != kNone)
      draft.lock(id);
  draft.subject(w.condition);
  draft.finding.message = std::move(message);
  draft.finding.factors = w.factors;
  draft.finding.location = placeOf(w.witness);
  return draft;
}

void Conditions::addWaiter(Draft &d, const Wait &w, const std::string &note) const {
  Participant p;
  p.name = contextName(facts, w.context, w.function);
  d.append(p, w.witness, StepKind::Wait, d.subject(w.condition), Mode::Exclusive, note);
  d.finding.participants.push_back(std::move(p));
}

bool Conditions::noMutex(const Wait &w) {
  if (w.mutex != kNone && w.mutexHeld)
    return false;
  std::string what =
      w.mutex == kNone ? " without a mutex" : " with " + nameOf(w.mutex) + ", which its thread does not hold";
  Draft d = start(w, {w.mutex}, in(w) + " waits for " + quoted(w.condition.name) + what);
  addWaiter(d, w);
  d.finish(options, result);
  return true;
}

static bool comparable(const Wait &w) {
  return w.mutex != kNone && (!w.manyInstances || w.sameObject);
}

bool Conditions::twoMutexes(const Condition &c) {
  const Wait *first = nullptr;
  for (const Wait *w : c.waits) {
    if (!comparable(*w) || !w->mutexHeld)
      continue;
    if (!first)
      first = w;
    if (w->mutex == first->mutex)
      continue;
    Draft d = start(*w, {first->mutex, w->mutex},
                    quoted(w->condition.name) + " is waited for with " + nameOf(first->mutex) + " by " +
                        in(*first) + " and with " + nameOf(w->mutex) + " by " + in(*w) +
                        ": all waiters must use one mutex");
    addWaiter(d, *first, "with " + nameOf(first->mutex));
    addWaiter(d, *w, "with " + nameOf(w->mutex));
    d.finish(options, result);
    return true;
  }
  return false;
}

static const Held *needs(const Notify &n, const Held &other) {
  for (const std::vector<Held> *list : {&n.held, &n.needed})
    for (const Held &h : *list)
      if (h.lock == other.lock && h.must && conflicts(h.mode, other.mode))
        return &h;
  return nullptr;
}

bool Conditions::nested(const Condition &c, const Wait &w) {
  const Held *kept = nullptr, *needed = nullptr;
  const Notify *notifier = nullptr;
  for (const Notify *n : c.notifies) {
    const Held *wants = nullptr;
    for (const Held &other : w.others)
      if (other.lock != w.mutex && !wants && (wants = needs(*n, other)))
        kept = &other;
    if (!wants)
      return false;
    needed = wants;
    notifier = n;
  }
  if (!notifier)
    return false;
  Draft d = start(w, {kept->lock, w.mutex},
                  in(w) + " waits for " + quoted(w.condition.name) + " while holding " + nameOf(kept->lock) +
                      ", which " + quoted(functionName(notifier->function)) +
                      " must acquire before it can notify: the wait cannot end");
  Finding &f = d.finding;
  if (!kept->must)
    f.factors.push_back({"the lock is held on some paths only", 0.7});
  if (facts.locks[kept->lock].manyInstances)
    f.factors.push_back({"the notifier may need another object's lock", 0.7});
  // A run has shown all its notifiers, and each comes too late: the limit is what ends the wait.
  f.hint = w.timed && facts.evidence != Evidence::Observed;
  Participant waiter, waker;
  waiter.name = contextName(facts, w.context, w.function);
  d.append(waiter, *kept);
  d.append(waiter, w.witness, StepKind::Wait, d.subject(w.condition), Mode::Exclusive,
           "while holding " + nameOf(kept->lock));
  waker.name = contextName(facts, notifier->context, notifier->function);
  d.append(waker, needed->acquired, StepKind::Request, d.lock(needed->lock), needed->mode,
           "before it can notify");
  d.append(waker, notifier->witness, StepKind::Notify, d.subject(w.condition));
  f.participants = {std::move(waiter), std::move(waker)};
  d.finish(options, result);
  return true;
}

bool Conditions::noLoop(const Wait &w) {
  if (w.looped)
    return false;
  Draft d = start(w, {w.mutex},
                  in(w) + " waits for " + quoted(w.condition.name) +
                      " outside a loop that tests its predicate again: a spurious wake-up passes for "
                      "a real one");
  d.finding.hint = w.timed;
  addWaiter(d, w);
  d.finish(options, result);
  return true;
}

/// The write is followed by a critical section of the waiters' mutex before the notify, or is inside one: a
/// waiter that tested before the write is asleep by then.
static bool notifiedAfterMutex(const Notify &n, LockId mutex, const Location &write) {
  for (const Held &h : n.held)
    if (h.lock == mutex && h.must)
      return true;
  for (const Held &h : n.needed) {
    Location taken = placeOf(h.acquired);
    if (h.lock == mutex && h.must && taken.file == write.file && taken > write)
      return true;
  }
  return false;
}

void Conditions::lostWakeup(const Condition &c) {
  std::set<uint32_t> reported;
  for (const Notify *n : c.notifies)
    for (const auto &[variable, write] : n->unguardedWrites)
      for (const Wait *w : c.waits) {
        bool reads = std::find(w->predicate.begin(), w->predicate.end(), variable) != w->predicate.end();
        if (!reads || w->mutex == kNone || !w->mutexHeld || variable >= facts.variables.size() ||
            notifiedAfterMutex(*n, w->mutex, placeOf(write)) || !reported.insert(variable).second)
          continue;
        const Subject &subject = facts.variables[variable].subject;
        Draft d = start(*w, {w->mutex},
                        quoted(functionName(n->function)) + " changes " + quoted(subject.name) + " without " +
                            nameOf(w->mutex) + " before it notifies " + quoted(w->condition.name) + ": " +
                            in(*w) + " can miss the wake-up");
        Participant waker;
        waker.name = contextName(facts, n->context, n->function);
        d.append(waker, write, StepKind::Write, d.subject(subject), Mode::Exclusive,
                 "without " + nameOf(w->mutex));
        d.append(waker, n->witness, StepKind::Notify, d.subject(w->condition));
        d.finding.participants.push_back(std::move(waker));
        addWaiter(d, *w, "tests the predicate before it sleeps");
        d.finding.location = placeOf(write);
        d.finding.hint = std::all_of(c.waits.begin(), c.waits.end(), [](const Wait *x) { return x->timed; });
        d.finish(options, result);
      }
}

void Conditions::check(const Condition &c) {
  bool mutexesDiffer = twoMutexes(c);
  for (const Wait *w : c.waits) {
    if (noMutex(*w) || mutexesDiffer)
      continue;
    if (!nested(c, *w))
      noLoop(*w);
  }
  if (!mutexesDiffer)
    lostWakeup(c);
}

} // namespace

void checkConditionMisuse(const Facts &facts, const CheckOptions &options, CheckResult &result) {
  // Conditions in the order of their first wait; those that nobody waits for cannot be misused.
  std::map<uint32_t, size_t> numbers;
  std::vector<Condition> conditions;
  for (const Wait *w : inStableOrder(facts.waits)) {
    size_t n = numbers.try_emplace(w->conditionId, conditions.size()).first->second;
    if (n == conditions.size() || w->conditionId == kNone) {
      n = conditions.size();
      conditions.emplace_back();
    }
    conditions[n].waits.push_back(w);
  }
  for (const Notify *n : inStableOrder(facts.notifies))
    if (auto it = numbers.find(n->conditionId); n->conditionId != kNone && it != numbers.end())
      conditions[it->second].notifies.push_back(n);
  Conditions checks(facts, options, result);
  for (const Condition &c : conditions)
    checks.check(c);
}

} // namespace gordian::checks
