// SPDX-License-Identifier: MIT
#include "checks/guarded_by.h"

#include "facts/gates.h"
#include "facts/stable_order.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

namespace gordian::checks {

using namespace facts;

namespace {

constexpr unsigned kSupport = 3, kOwnSupport = 2;
constexpr double kRatio = 0.7, kOwnRatio = 0.6, kWritesRatio = 0.6;
constexpr size_t kPartnersTried = 256; // for one access
constexpr const char *kTwoObjects = "the two may be two objects, or one that no other thread knows";
constexpr double kFar = 0.4;  // two certain threads, of which one may not come that far
constexpr double kHint = 0.5; // a suspicion whose factors multiply to less is one

using Site = std::pair<Location, bool>; // place, write

/// What one thread gives and another takes: the first's accesses before it come before the second's accesses
/// behind it. By their places in the text, so a loop that gives before it writes may miss.
class HandOvers {
public:
  explicit HandOvers(const Facts &facts);
  /// Something that one function publishes and the other awaits may order the two.
  bool between(const Access &a, const Access &b) const;

private:
  bool leads(const Access &from, const Access &to) const;
  std::map<std::string, std::vector<const HandOver *>> byFunction;
};

HandOvers::HandOvers(const Facts &facts) {
  for (const HandOver &h : facts.handOvers)
    byFunction[h.function].push_back(&h);
}

static bool meet(uint64_t a, uint64_t b) {
  auto isAny = [](uint64_t thing) { return uint32_t(thing) == kHandOverUnknown; };
  return a == b || (a >> 32 == b >> 32 && (isAny(a) || isAny(b)));
}

bool HandOvers::leads(const Access &from, const Access &to) const {
  auto giver = byFunction.find(from.function), taker = byFunction.find(to.function);
  if (giver == byFunction.end() || taker == byFunction.end() || from.witness.empty() || to.witness.empty())
    return false;
  const Location &before = from.witness.back().location, &behind = to.witness.back().location;
  for (const HandOver *g : giver->second)
    for (const HandOver *t : taker->second)
      if (g->gives && !t->gives && meet(g->thing, t->thing) && (!g->at.known() || before <= g->at) &&
          t->at.known() && t->at <= behind)
        return true;
  return false;
}

bool HandOvers::between(const Access &a, const Access &b) const {
  return leads(a, b) || leads(b, a);
}

/// All accesses of one variable, and what they say about it.
class Habit {
public:
  Habit(const Facts &f, const HandOvers &h, const std::vector<uint32_t> &rank, uint32_t v,
        std::vector<const Access *> all)
      : facts(f), handOvers(h), variable(v), accesses(std::move(all)) {
    chooseGuard(rank);
    for (const Access *a : accesses)
      allLocked &= anyLock(*a) != kNone;
    partners = accesses; // those that most often conflict first: only so many are tried
    std::stable_partition(partners.begin(), partners.end(), [](const Access *a) { return a->write; });
  }
  std::vector<Suspicion> suspicions() const;

private:
  static Site site(const Access &a) {
    return {a.witness.empty() ? Location() : a.witness.back().location, a.write};
  }
  const Held *holds(const Access &a, LockId lock) const;
  bool guards(LockId lock, const Access &a) const;
  bool own(LockId lock, const Access &a) const;
  double meant(LockId lock, const Access &a) const;
  void chooseGuard(const std::vector<uint32_t> &rank);
  bool isHabit() const;
  bool conflict(const Access &a, const Access &b) const;
  bool excluded(const Access &a, const Access &b) const;
  bool doubleChecked(const Access &a) const;
  bool initialisedHere(const Access &a) const;
  bool lockedOnOtherPath(const Access &a) const;
  LockId anyLock(const Access &a) const;
  void weighDifferentLocks(Suspicion &s, const Access &a, const Access &b) const;
  void weighUnguarded(Suspicion &s, bool certain) const;
  std::optional<Suspicion> judge(const Access &a, const Access &b) const;
  std::optional<Suspicion> shape(const Access &a, const Access &b, bool certain) const;

  const Facts &facts;
  const HandOvers &handOvers;
  uint32_t variable;
  std::vector<const Access *> accesses;
  LockId guard = kNone;
  unsigned support = 0, total = 0;
  unsigned bareFunctions = 0; // those that access it without the guard
  double nearShare = 0;       // of the guarded sites: those that acquire the guard, or whose callers do
  bool ownGuard = false, writesGuarded = false, allLocked = true;
  std::vector<const Access *> partners; // `accesses`, writes first
};

const Held *Habit::holds(const Access &a, LockId lock) const {
  for (const Held &h : a.held)
    if (h.lock == lock && h.must &&
        !(facts.locks[lock].manyInstances && h.object && a.object && h.object != a.object &&
          h.relation != Relation::ChildOf))
      return &h;
  return nullptr;
}

bool Habit::guards(LockId lock, const Access &a) const {
  const Held *h = holds(a, lock);
  return h && (!a.write || h->mode == Mode::Exclusive);
}

/// The lock is a member of the object that the variable is a member of.
bool Habit::own(LockId lock, const Access &a) const {
  const Held *h = holds(a, lock);
  return h && h->object && h->object == a.object;
}

/// How likely the lock is held for the sake of the variable, and not for something else that goes on: the
/// nearer to the access it is acquired, the likelier.
double Habit::meant(LockId lock, const Access &a) const {
  if (own(lock, a))
    return 1;
  const Held *h = holds(a, lock);
  if (h->relation == Relation::ChildOf)
    return 0.7;
  return h->calls == 0 ? 0.9 : h->calls == 1 ? 0.75 : 0.4;
}

// The sites are counted once with the guard and once without: a helper that is called both ways breaks the
// habit.
void Habit::chooseGuard(const std::vector<uint32_t> &rank) {
  std::set<LockId> candidates;
  for (const Access *a : accesses)
    for (const Held &h : a->held)
      if (h.must)
        candidates.insert(h.lock);
  std::set<Site> all;
  for (const Access *a : accesses)
    all.insert(site(*a));
  total = unsigned(all.size());
  for (LockId lock : candidates) {
    std::set<Site> with, without, near;
    std::set<std::string> bare;
    bool isOwn = false, writes = false, writesBare = false;
    for (const Access *a : accesses) {
      bool guarded = guards(lock, *a);
      if (guarded && holds(*a, lock)->calls <= 1)
        near.insert(site(*a));
      (guarded ? with : without).insert(site(*a));
      if (!guarded)
        bare.insert(a->function);
      isOwn |= own(lock, *a);
      writes |= a->write && guarded;
      writesBare |= a->write && !guarded;
    }
    auto better = std::tuple(with.size(), isOwn, ~rank[lock]);
    if (with.empty() || (guard != kNone && better <= std::tuple(size_t(support), ownGuard, ~rank[guard])))
      continue;
    guard = lock;
    support = unsigned(with.size());
    total = unsigned(with.size() + without.size());
    bareFunctions = unsigned(bare.size());
    ownGuard = isOwn;
    nearShare = double(near.size()) / double(with.size());
    writesGuarded = writes && !writesBare;
  }
}

bool Habit::isHabit() const {
  if (guard == kNone)
    return false;
  double ratio = double(support) / total;
  // A member's own lock: a function that reads it twice forgets the lock once, as long as all writers hold
  // it.
  double byFunction = writesGuarded ? double(support) / (support + bareFunctions) : 0;
  return (support >= kSupport && ratio >= (writesGuarded ? kWritesRatio : kRatio)) ||
         (ownGuard && support >= kOwnSupport && std::max(ratio, byFunction) >= kOwnRatio);
}

/// A lock that both hold keeps them apart. One of another class may well be the one of the object that the
/// variable belongs to by agreement; one of the variable's class, but of another object, is not.
bool Habit::excluded(const Access &a, const Access &b) const {
  const std::string &owner = facts.variables[variable].owner;
  auto held = [&](const Access &access, LockId lock) -> const Held * {
    if (facts.locks[lock].owner == owner)
      return holds(access, lock);
    auto it = std::find_if(access.held.begin(), access.held.end(),
                           [&](const Held &h) { return h.lock == lock && h.must; });
    return it == access.held.end() ? nullptr : &*it;
  };
  for (const Held &h : a.held) {
    const Held *x = held(a, h.lock), *y = held(b, h.lock);
    if (x && y && conflicts(x->mode, y->mode))
      return true;
  }
  // Each under the same member of its own object: two objects.
  for (const Held &h : a.held)
    for (const Held &k : b.held)
      if (h.lock != k.lock && own(h.lock, a) && own(k.lock, b) &&
          facts.locks[h.lock].subject.declaration.known() &&
          facts.locks[h.lock].subject.declaration == facts.locks[k.lock].subject.declaration)
        return true;
  return false;
}

bool Habit::conflict(const Access &a, const Access &b) const {
  return (a.write || b.write) && !(a.atomic && b.atomic) && !excluded(a, b);
}

/// A bare read in a function that reads the variable again further on, under the guard.
bool Habit::doubleChecked(const Access &a) const {
  if (a.write || !writesGuarded)
    return false;
  return std::any_of(accesses.begin(), accesses.end(), [&](const Access *b) {
    return !b->write && b->function == a.function && site(a).first < site(*b).first && guards(guard, *b);
  });
}

/// A bare read behind the function's own test under the guard, in the one function that writes it: made once,
/// and whoever comes here has been through the lock.
bool Habit::initialisedHere(const Access &a) const {
  return !a.write && writesGuarded && std::all_of(accesses.begin(), accesses.end(), [&](const Access *b) {
    return !b->write || b->function == a.function;
  }) && std::any_of(accesses.begin(), accesses.end(), [&](const Access *b) {
    return !b->write && b->function == a.function && site(*b).first < site(a).first && guards(guard, *b);
  });
}

/// The function locks on some of its paths to this very access. Where it does not, its caller mostly does
/// ("if (!haveLock) lock()"): no witness against the habit.
bool Habit::lockedOnOtherPath(const Access &a) const {
  return std::any_of(accesses.begin(), accesses.end(), [&](const Access *b) {
    if (b->function != a.function || site(*b) != site(a) || !guards(guard, *b))
      return false;
    const std::vector<Step> &taken = holds(*b, guard)->acquired;
    return !taken.empty() && taken.back().function == a.function;
  });
}

/// The one that is most likely meant for the variable.
LockId Habit::anyLock(const Access &a) const {
  LockId best = kNone;
  for (const Held &h : a.held)
    if (holds(a, h.lock) && (best == kNone || meant(h.lock, a) > meant(best, a)))
      best = h.lock;
  return best;
}

void Habit::weighDifferentLocks(Suspicion &s, const Access &a, const Access &b) const {
  bool bothOwn = own(s.guard, a) && own(s.otherGuard, b);
  s.factors.push_back(
      {"each side may hold its lock for something else", meant(s.guard, a) * meant(s.otherGuard, b)});
  if (facts.variables[variable].manyInstances && !bothOwn)
    s.factors.push_back({"the two may be two objects", allLocked ? 0.7 : 0.4});
}

void Habit::weighUnguarded(Suspicion &s, bool certain) const {
  if (!certain)
    s.factors.push_back({"share of guarded accesses", double(support) / total});
  if (ownGuard)
    return;
  s.factors.push_back({"the lock may be held for something else", 0.4 + 0.6 * nearShare});
  if (facts.variables[variable].manyInstances)
    s.factors.push_back({kTwoObjects, 0.7});
}

/// What kind of suspicion the conflicting pair is; none where nothing speaks for it. `a` is the one that
/// errs.
std::optional<Suspicion> Habit::shape(const Access &a, const Access &b, bool certain) const {
  Suspicion s;
  s.variable = variable;
  s.access = &a;
  s.conflicting = &b;
  s.guard = guard;
  s.support = support;
  s.total = total;
  const Held *held = guard == kNone ? nullptr : holds(a, guard);
  if (held && a.write && held->mode == Mode::Shared) {
    s.kind = Suspicion::Kind::SharedWrite;
    if (facts.variables[variable].manyInstances && !own(guard, a))
      s.factors.push_back({kTwoObjects, held->relation == Relation::ChildOf ? 0.7 : 0.4});
    return s;
  }
  if (guard != kNone && doubleChecked(a) && guards(guard, b)) {
    s.kind = Suspicion::Kind::DoubleChecked;
    return s;
  }
  LockId mine = anyLock(a), theirs = anyLock(b);
  if (mine != kNone && theirs != kNone) {
    if (!certain && !allLocked)
      return std::nullopt;
    s.kind = Suspicion::Kind::DifferentLocks;
    s.guard = mine;
    s.otherGuard = theirs;
    weighDifferentLocks(s, a, b);
    return s;
  }
  bool bare = mine == kNone || !guards(guard, a);
  if (guard != kNone && bare && guards(guard, b) && isHabit()) {
    s.kind = Suspicion::Kind::Unguarded;
    weighUnguarded(s, certain);
    return s;
  }
  if (!certain || facts.variables[variable].manyInstances)
    return std::nullopt;
  s.kind = Suspicion::Kind::NoLock;
  s.guard = kNone;
  return s;
}

static double rankOf(const Suspicion &s) {
  double r = 1;
  for (const Factor &f : s.factors)
    r *= f.weight;
  return r;
}

/// Main and a thread that is near enough to run it surely, or two such threads.
static bool surelyTwo(const Access &a, const Access &b) {
  return (a.near && b.near) || (a.byMain && b.near) || (b.byMain && a.near);
}

std::optional<Suspicion> Habit::judge(const Access &a, const Access &b) const {
  if (!conflict(a, b))
    return std::nullopt;
  Concurrency c = facts.order->concurrent(a, b);
  if (c == Concurrency::No)
    return std::nullopt;
  std::optional<Suspicion> s = shape(a, b, c == Concurrency::Proved);
  if (!s)
    return std::nullopt;
  for (const Access *x : {&a, &b})
    s->factors.insert(s->factors.end(), x->factors.begin(), x->factors.end());
  if (s->kind == Suspicion::Kind::NoLock && handOvers.between(a, b))
    s->factors.push_back({"an atomic or a condition may order the two", 0.15});
  if (s->kind == Suspicion::Kind::NoLock && !surelyTwo(a, b))
    s->factors.push_back({"a thread may not come that far", kFar});
  s->hint = c == Concurrency::Unlikely || rankOf(*s) < kHint;
  return s;
}

static bool stronger(const Suspicion &a, const Suspicion &b) {
  auto key = [](const Suspicion &s) { return std::tuple(s.hint, s.kind, -rankOf(s)); };
  return key(a) < key(b);
}

std::vector<Suspicion> Habit::suspicions() const {
  std::vector<Suspicion> out;
  if (std::none_of(accesses.begin(), accesses.end(), [](const Access *a) { return a->write; }))
    return out;
  std::set<Site> seen;
  for (const Access *a : accesses) {
    if (guard != kNone && guards(guard, *a) && isHabit())
      continue; // keeps the habit; the other side of a pair is the one to name
    if (guard != kNone && !guards(guard, *a) && (lockedOnOtherPath(*a) || initialisedHere(*a)))
      continue;
    std::optional<Suspicion> best;
    for (size_t i = 0; i < std::min(partners.size(), kPartnersTried); ++i)
      if (std::optional<Suspicion> s = judge(*a, *partners[i]); s && (!best || stronger(*s, *best)))
        best = std::move(s);
    if (best && seen.insert(site(*a)).second)
      out.push_back(std::move(*best));
  }
  std::stable_sort(out.begin(), out.end(), stronger);
  return out;
}

} // namespace

std::vector<std::vector<Suspicion>> findSuspicions(const Facts &facts) {
  std::map<uint32_t, std::vector<const Access *>> byVariable;
  for (const Access *a : inStableOrder(facts.accesses))
    byVariable[a->variable].push_back(a);
  HandOvers handOvers(facts);
  std::vector<uint32_t> rank = stableRanks(facts.locks);
  std::vector<std::vector<Suspicion>> out;
  for (auto &[variable, accesses] : byVariable)
    if (std::vector<Suspicion> s = Habit(facts, handOvers, rank, variable, std::move(accesses)).suspicions();
        !s.empty())
      out.push_back(std::move(s));
  std::stable_sort(out.begin(), out.end(), [&](const auto &a, const auto &b) {
    return compare(facts.variables[a.front().variable].subject, facts.variables[b.front().variable].subject) <
           0;
  });
  return out;
}

} // namespace gordian::checks
