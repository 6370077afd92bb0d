// SPDX-License-Identifier: MIT
//
// blocking-under-lock: a wait without a time limit for something other than a lock or a condition (thread,
// future, semaphore, latch, barrier), under a lock that the awaited side must take before it can answer.
// Front ends know what the awaited side acquires (Block::awaited); the check asks whether one of these
// requests would wait for this holder.
//
// Errs: a lock that stands for many objects may be another object on the awaited side; the rank is lowered
// unless the front end knows them to be one (may cry wolf). A ring that runs through a third thread (the
// awaited side needs B, whose holder needs A) is not looked for (may miss).
#include "checks/draft.h"
#include "checks/leak_source.h"
#include "finding/rules.h"

namespace gordian::checks {

using namespace facts;

namespace {
constexpr double kSomePathsOnly = 0.7;
constexpr double kPerhapsAnotherObject = 0.7;

struct Clash {
  const Held *held = nullptr;
  const Acquire *needed = nullptr;
};
} // namespace

/// The lock that keeps the awaited side from answering; the surest one where several do.
static Clash findClash(const Block &b) {
  Clash best;
  for (const Held &h : b.held)
    for (const Acquire &a : b.awaited) {
      if (h.lock != a.lock || !a.blocking || !conflicts(h.mode, a.mode) || h.relation == Relation::Different)
        continue;
      bool better = !best.held || (h.must && !best.held->must) ||
                    (h.must == best.held->must && compare(a, *best.needed) < 0);
      if (better)
        best = {&h, &a};
    }
  return best;
}

static std::string waitsFor(const Block &b) {
  std::string name = b.object.name.empty() ? "" : " " + mention(b.object);
  switch (b.kind) {
  case Block::Kind::Join:
    if (name.empty())
      return " joins a thread";
    return b.object.kind == "thread" ? " joins" + name : " joins the thread" + name;
  case Block::Kind::Future:
    return name.empty() ? " waits for a future" : " waits for the future" + name;
  case Block::Kind::Semaphore:
    return name.empty() ? " waits for a semaphore" : " waits for the semaphore" + name;
  case Block::Kind::Latch:
    return name.empty() ? " waits for a latch" : " waits for the latch" + name;
  case Block::Kind::Barrier:
    return name.empty() ? " waits at a barrier" : " waits at the barrier" + name;
  case Block::Kind::Other:
    break;
  }
  return " blocks on" + (name.empty() ? " another thread" : name);
}

static void report(const Facts &facts, const Block &b, const Clash &clash, const CheckOptions &options,
                   CheckResult &result) {
  Draft draft(facts, rule::BlockingUnderLock);
  const Lock &lock = facts.locks[clash.held->lock];
  int subject = draft.lock(clash.held->lock), object = draft.subject(b.object);
  Finding &f = draft.finding;
  f.message = quoted(functionName(b.function)) + waitsFor(b) + " while holding " + quoted(lock.subject.name) +
              ", which " + quoted(functionName(clash.needed->function)) +
              " on the awaited side must acquire first: neither can go on";
  f.factors = b.factors;
  f.factors.insert(f.factors.end(), clash.needed->factors.begin(), clash.needed->factors.end());
  if (!clash.held->must)
    f.factors.push_back({"the lock is held on some paths only", kSomePathsOnly});
  bool oneObject = !lock.manyInstances || clash.held->relation == Relation::Same ||
                   (clash.held->object && clash.held->object == clash.needed->object);
  if (!oneObject)
    f.factors.push_back({"the awaited side may need another object's lock", kPerhapsAnotherObject});
  Participant waiter, awaited;
  waiter.name = contextName(facts, b.context, b.function);
  draft.append(waiter, *clash.held);
  draft.append(waiter, b.witness, b.kind == Block::Kind::Join ? StepKind::Join : StepKind::Wait, object,
               Mode::Exclusive, "while holding " + quoted(lock.subject.name));
  awaited.name = contextName(facts, clash.needed->context, clash.needed->function);
  draft.append(awaited, clash.needed->witness, StepKind::Request, subject, clash.needed->mode,
               "before it can answer");
  f.location = placeOf(b.witness);
  f.participants = {std::move(waiter), std::move(awaited)};
  draft.finish(options, result);
}

void checkBlockingUnderLock(const Facts &facts, const CheckOptions &options, CheckResult &result) {
  LeakSources leaks(facts);
  for (const Block *b : inStableOrder(facts.blocks))
    if (Clash clash = findClash(*b); clash.held && !leaks.explain(*clash.held, b->function))
      report(facts, *b, clash, options, result);
}

} // namespace gordian::checks
