// SPDX-License-Identifier: MIT
//
// non-reentrant-reacquire: the holder asks again for what it holds and what cannot be held twice. The front
// end says where a thread does so; this check says whether the lock minds:
//   - a try is a probe and does no harm; a timed request must expire and is a defect;
//   - shared after shared is undefined for std::shared_mutex; a pthread rwlock allows it unless writers pass
//   waiting
//     readers (its kind) and some code does write;
//   - exclusive after shared (upgrade) and shared after exclusive wait for the thread itself.
//
// A function that returns with its lock held makes every later caller "acquire twice". That defect is a leak
// and is reported as one, so a re-acquisition whose first acquisition is known to leak is left out unless
// both stand in one function.
//
// Errs: locks of unknown kind are never assumed to be non-re-entrant (may miss).
#include "checks/draft.h"
#include "checks/leak_source.h"
#include "finding/rules.h"

namespace gordian::checks {

using namespace facts;

static bool minds(const Lock &lock, const Reacquire &r) {
  if (!r.blocking || isReentrant(lock.kind) || r.first.relation == Relation::Different)
    return false;
  if (r.kind != Reacquire::Kind::SharedReentry)
    return true;
  switch (lock.kind) {
  case LockKind::SharedMutex:
    return true;
  case LockKind::WriterRwLock:
    return r.writerExists;
  default:
    return false;
  }
}

static std::string message(const Lock &lock, const Reacquire &r) {
  std::string name = quoted(lock.subject.name), asker = quoted(functionName(r.function));
  std::string holder = quoted(takenIn(r.first, r.function));
  std::string where = holder == asker ? "" : " in " + holder;
  std::string ends = r.timed ? "the wait can only time out" : "the thread waits for itself for good";
  if (lock.kind == LockKind::ErrorCheckMutex && !r.timed)
    ends = "the second acquisition fails with EDEADLK";
  switch (r.kind) {
  case Reacquire::Kind::Upgrade:
    return asker + " asks for " + name + " exclusively while its thread holds it shared" + where + ": " +
           ends;
  case Reacquire::Kind::SharedReentry:
    return asker + " acquires " + name + " shared again while its thread holds it shared" + where +
           (lock.kind == LockKind::SharedMutex
                ? ": undefined, and a writer that queues in between blocks it for good"
                : ": a writer that queues in between blocks it for good");
  case Reacquire::Kind::Relock:
    break;
  }
  return asker + " acquires " + name + ", which its thread already holds" +
         (where.empty() ? " there" : " since " + holder) + " and which is not re-entrant: " + ends;
}

void checkNonReentrantReacquire(const Facts &facts, const CheckOptions &options, CheckResult &result) {
  LeakSources leaks(facts);
  for (const Reacquire *r : inStableOrder(facts.reacquires)) {
    const Lock &lock = facts.locks[r->lock];
    if (!minds(lock, *r) || leaks.explain(r->first, r->function))
      continue;
    Draft draft(facts, rule::NonReentrantReacquire);
    int subject = draft.lock(r->lock);
    Finding &f = draft.finding;
    f.message = message(lock, *r);
    f.factors = r->factors;
    if (!r->first.must)
      f.factors.push_back({"the lock is held on some paths only", 0.7});
    Participant p;
    p.name = contextName(facts, r->context, r->function);
    draft.append(p, r->first);
    draft.append(p, r->witness, StepKind::Request, subject, r->mode, "while it is held by the same thread");
    f.participants.push_back(std::move(p));
    draft.finish(options, result);
  }
}

} // namespace gordian::checks
