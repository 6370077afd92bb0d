// SPDX-License-Identifier: MIT
#include "source/link/summary/locks.h"
#include "source/link/summary/comparisons.h"

#include <algorithm>

namespace gordian::link {

constexpr size_t kMaxLocks = 24;
constexpr size_t kMaxRequestAtoms = 6;

bool Locks::same(Sym a, Sym b) const {
  if (syms.isVague(a) || syms.isVague(b))
    return false;
  return a == b || syms.withoutSoftness(a) == syms.withoutSoftness(b);
}

LockState *Locks::find(State &s, Sym path) const {
  LockState *loose = nullptr;
  Sym plain = syms.withoutVersions(path);
  for (LockState &l : s.locks) {
    if (l.path == path)
      return &l;
    if (syms.withoutVersions(l.path) == plain && (!loose || (l.held && !loose->held)))
      loose = &l;
  }
  return loose;
}

std::vector<HeldHere> Locks::askedFor(const State &s, Sym unit) const {
  const LockState *own = unit == kNoSym ? nullptr : find(s, unit);
  if (own && (!own->held || own->fromCaller || own->acquired == kNone))
    own = nullptr;
  auto site = [&](const LockState &l) { return context.witnesses[l.acquired].site; };
  std::vector<HeldHere> out;
  for (const LockState &l : s.locks)
    if (l.acquired != kNone && !l.tried && (!own || site(l) > site(*own)))
      out.push_back({l.path, l.mode, l.kind, l.must, l.fromCaller, Between::Unknown, false, l.acquired});
  return out;
}

Sym Locks::objectOf(Sym path) const {
  return syms.rootOf(path);
}

/// The class and number of the field nearest to the lock, kNone for none.
static std::pair<uint32_t, uint64_t> lastField(const Symbols &syms, Sym path) {
  for (;;) {
    const SymNode &n = syms.node(path);
    if (n.kind == SymKind::Field)
      return {n.b, n.n};
    if (n.kind != SymKind::Element && n.kind != SymKind::Slot)
      return {kNone, 0};
    path = n.a;
  }
}

static bool isOpaque(const Symbols &syms, Sym root) {
  SymKind k = syms.kind(root);
  return k != SymKind::Param && k != SymKind::Global && k != SymKind::Local && k != SymKind::Alloc;
}

static bool sameElementBase(const Symbols &syms, Sym a, Sym b) {
  const SymNode &x = syms.node(a), &y = syms.node(b);
  if (x.kind == SymKind::Field && y.kind == SymKind::Field && x.b == y.b && x.n == y.n)
    return sameElementBase(syms, x.a, y.a);
  if (x.kind != SymKind::Element || y.kind != SymKind::Element || x.a != y.a)
    return false;
  Sym i = static_cast<Sym>(x.n), j = static_cast<Sym>(y.n);
  bool constants =
      i != kNoSym && j != kNoSym && syms.kind(i) == SymKind::Integer && syms.kind(j) == SymKind::Integer;
  return !constants;
}

/// A held lock that `path` may well mean though it is written otherwise.
LockState *Locks::findAlias(State &s, Sym path) const {
  auto field = lastField(syms, path);
  for (auto it = s.locks.rbegin(); it != s.locks.rend(); ++it) {
    if (!it->held)
      continue;
    if (sameElementBase(syms, it->path, path))
      return &*it;
    // An element of an array that something points to is no variable of its own.
    if ((syms.kind(path) == SymKind::Element) != (syms.kind(it->path) == SymKind::Element))
      continue;
    bool opaque = isOpaque(syms, syms.rootOf(path)) || isOpaque(syms, syms.rootOf(it->path));
    bool named = field.first != kNone || lastField(syms, it->path).first != kNone;
    if (opaque && (named ? lastField(syms, it->path) == field : true))
      return &*it;
  }
  return nullptr;
}

// ---------------------------------------------------------------- relations

/// The same place in the code took it in an earlier round of a loop over what the library iterates.
bool Locks::isEarlierRound(Sym held, Sym requested) const {
  auto young = [&](Sym s, auto &&self) -> Sym {
    if (syms.kind(s) == SymKind::Old)
      return self(syms.node(s).a, self);
    return syms.rebuild(s, [&](Sym x) { return self(x, self); });
  };
  auto isResult = [&](Sym s) {
    while (syms.kind(s) == SymKind::Field || syms.kind(s) == SymKind::Load || syms.kind(s) == SymKind::Slot)
      s = syms.node(s).a;
    return syms.kind(s) == SymKind::Result;
  };
  return syms.isVague(held) && isResult(requested) &&
         syms.withoutVersions(young(held, young)) == syms.withoutVersions(requested);
}

/// std::min and std::max of the same two values, or the two of one std::minmax.
Between Locks::chosen(Sym x, Sym y) const {
  auto resultOf = [&](Sym s) { return syms.kind(s) == SymKind::Load ? syms.node(s).a : s; };
  auto callOf = [&](Sym s) {
    s = resultOf(s);
    Sym pure = syms.kind(s) == SymKind::Result ? static_cast<Sym>(syms.node(s).n) : kNoSym;
    return pure == kNoSym ? nullptr : &syms.node(pure);
  };
  const SymNode *a = callOf(x), *b = callOf(y);
  if (!a || !b || a->b != b->b)
    return Between::Unknown;
  auto pattern = [&](const SymNode *p) { return context.program.function(p->a).ir->pattern; };
  if (pattern(a) == "std::min" && pattern(b) == "std::max")
    return Between::Ascending;
  auto first = context.elementOf.find(resultOf(x)), second = context.elementOf.find(resultOf(y));
  if (first != context.elementOf.end() && second != context.elementOf.end() &&
      first->second == second->second)
    if (const SymNode *pair = callOf(first->second); pair && pattern(pair) == "std::minmax") {
      int i = tupleIndex(*context.program.function(a->a).ir),
          j = tupleIndex(*context.program.function(b->a).ir);
      if (i >= 0 && j >= 0 && i != j)
        return i < j ? Between::Ascending : Between::Descending;
    }
  return pattern(a) == "std::max" && pattern(b) == "std::min" ? Between::Descending : Between::Unknown;
}

Between Locks::between(const State &s, Sym held, Sym requested) const {
  if (same(held, requested))
    return Between::Same;
  Sym a = objectOf(held), b = objectOf(requested);
  Conditions conditions(context);
  auto ordered = [&](Sym x, Sym y) {
    if (conditions.evaluate(s, Atom{x, ir::Predicate::Le, y}) == Truth::True)
      return Between::Ascending;
    if (conditions.evaluate(s, Atom{y, ir::Predicate::Le, x}) == Truth::True)
      return Between::Descending;
    return Between::Unknown;
  };
  // Elements of one array: by their indices.
  auto element = [&](Sym p) {
    // What elements own counts as the elements do.
    while (syms.kind(p) == SymKind::Field || syms.kind(p) == SymKind::Slot || syms.kind(p) == SymKind::Load)
      p = syms.node(p).a;
    return p;
  };
  Sym x = element(held), y = element(requested);
  if (syms.kind(x) == SymKind::Element && syms.kind(y) == SymKind::Element &&
      syms.node(x).a == syms.node(y).a) {
    Sym i = static_cast<Sym>(syms.node(x).n), j = static_cast<Sym>(syms.node(y).n);
    if (i == j)
      return i == kNoSym || syms.isVague(i) ? Between::Ascending : Between::Same;
    if (i == kNoSym || j == kNoSym)
      return Between::Ascending; // rounds of a loop: counted upwards, as nearly all are (may miss)
    if (Between by = ordered(i, j); by != Between::Unknown)
      return by;
    if (Between by = ordered(x, y); by != Between::Unknown)
      return by;
    if (Between by = chosen(i, j); by != Between::Unknown)
      return by;
    return syms.kind(i) == SymKind::Integer && syms.kind(j) == SymKind::Integer ? Between::Different
                                                                                : Between::Unknown;
  }
  if (isEarlierRound(held, requested))
    return Between::Ascending; // all of a container in its own order
  if (a == b)
    return syms.isVague(a) ? Between::Unknown : Between::Same;
  for (auto [p, q] : {std::pair{a, b}, std::pair{held, requested}})
    if (Between by = ordered(p, q); by != Between::Unknown)
      return by;
  if (Between by = chosen(a, b); by != Between::Unknown)
    return by;
  // By a key that both objects have: any comparison of the same field, or result of a method, of the two.
  auto isOf = [&](Sym key, Sym object) {
    bool computed = syms.kind(key) == SymKind::Result && static_cast<Sym>(syms.node(key).n) != kNoSym;
    return syms.mentions(computed ? static_cast<Sym>(syms.node(key).n) : key, object);
  };
  for (const Atom &atom : s.atoms)
    if (auto keys = keysInOrder(context.program, syms, atom)) {
      bool up = isOf(keys->first, a) && isOf(keys->second, b);
      bool down = isOf(keys->first, b) && isOf(keys->second, a);
      if (up != down)
        return up ? Between::Ascending : Between::Descending;
    }
  // Old: at the end of a path too long to be written down.
  if ((syms.kind(b) == SymKind::Load || syms.kind(b) == SymKind::Old) && syms.mentions(b, a))
    return Between::ChildOf;
  auto own = [&](Sym r) {
    SymKind k = syms.kind(r);
    return k == SymKind::Global || k == SymKind::Local || k == SymKind::Alloc;
  };
  return own(a) && own(b) ? Between::Different : Between::Unknown;
}

static bool isHeldNow(const LockState &l) {
  return l.held && !l.drained && !l.failed;
}

std::vector<HeldHere> Locks::heldNow(const State &s, Sym requested, const std::vector<Sym> *released) const {
  std::vector<HeldHere> out;
  for (const LockState &l : s.locks) {
    if (!isHeldNow(l))
      continue;
    // As a release finds it: what is read again is the same (may miss).
    if (released && std::any_of(released->begin(), released->end(), [&](Sym r) {
          return same(r, l.path) || syms.withoutVersions(r) == syms.withoutVersions(l.path);
        }))
      continue;
    HeldHere h;
    h.path = l.path;
    h.mode = l.mode;
    h.kind = l.kind;
    h.must = l.must && (l.pending == kNoSym || !l.tried);
    h.fromCaller = l.fromCaller;
    h.acquired = l.acquired;
    if (requested != kNoSym)
      h.between = between(s, l.path, requested);
    out.push_back(h);
  }
  return out;
}

// ---------------------------------------------------------------- acquire

std::vector<Atom> Locks::visibleAtoms(const State &s) const {
  std::vector<Atom> out;
  Conditions conditions(context);
  // That a pointer is not null comes last: nearly all are not.
  auto isPresence = [&](const Atom &a) {
    return a.predicate == ir::Predicate::Ne && syms.kind(a.left) == SymKind::Param &&
           syms.isConstant(a.right);
  };
  for (bool presence : {false, true})
    for (auto it = s.atoms.rbegin(); it != s.atoms.rend() && out.size() < kMaxRequestAtoms; ++it) {
      if (isPresence(*it) != presence)
        continue;
      Atom a = conditions.believed(s, *it);
      if (isVisible(syms, a.left) && isVisible(syms, a.right) &&
          std::find(out.begin(), out.end(), a) == out.end())
        out.push_back(a);
    }
  return out;
}

/// A branch on "the owner is not the current thread" was taken: the lock is a hand-made re-entrant one.
bool Locks::ownerChecked(const State &s) const {
  for (const Atom &a : s.atoms)
    if (a.predicate == ir::Predicate::Ne &&
        (syms.kind(a.left) == SymKind::ThreadSelf || syms.kind(a.right) == SymKind::ThreadSelf))
      return true;
  return false;
}

Surroundings Locks::surroundings(const State &s) const {
  Surroundings out;
  out.atoms = visibleAtoms(s);
  out.ownerChecked = ownerChecked(s);
  out.released = releasedFromCaller(s);
  out.anyHeld = std::any_of(s.locks.begin(), s.locks.end(), isHeldNow);
  return out;
}

bool Locks::saysNothingNew(const State &s, const Surroundings &around, const Request &r) const {
  // Events need a lock that is held, or are those of a wrapper.
  if (r.leftHeld || around.anyHeld)
    return false;
  const Request *known = recorder.firstLike(r, around, r.doubt != kNoSym || s.doubt != kNoSym);
  return known && known->atoms.empty() &&
         context.witnesses[r.witness].length + 1 >= context.witnesses[known->witness].length;
}

std::vector<Sym> Locks::releasedFromCaller(const State &s) {
  std::vector<Sym> out;
  for (const LockState &l : s.locks)
    if (l.fromCaller && !l.held)
      out.push_back(l.path);
  return out;
}

void Locks::noteReacquire(const State &s, const Request &r, const HeldHere &h, uint32_t site,
                          WitnessId witness) const {
  ReacquireEvent e;
  e.witness = witness;
  e.path = r.path;
  e.mode = r.mode;
  e.kind = r.kind;
  e.waits = r.waits;
  e.first = h;
  recorder.add(recorder.events.reacquires, std::move(e), s, site,
               mixed(r.path, mixed(h.path, static_cast<uint64_t>(r.mode))));
}

/// Once flags that were passed on the way here, the initialiser behind them included.
void Locks::addPassed(const State &s, Sym requested, std::vector<HeldHere> &held) const {
  for (const LockState &l : s.locks)
    if (l.kind == facts::LockKind::Once && !l.held && !l.fromCaller && l.acquired != kNone &&
        l.path != requested) {
      HeldHere h = {l.path, Mode::Exclusive, l.kind};
      h.passed = true;
      h.acquired = l.acquired;
      held.push_back(h);
    }
}

void Locks::note(const State &s, const Surroundings &around, Request r, uint32_t site) const {
  bool own = r.witness == kNone || r.leftHeld;
  std::vector<HeldHere> held = heldNow(s, r.path, &r.released);
  WitnessId inner = r.witness, made = kNone;
  auto witness = [&] { return made == kNone ? made = context.witnesses.add(frame.id, site, inner) : made; };
  r.leftHeld = false;
  r.ownerChecked = r.ownerChecked || around.ownerChecked;
  if (!r.ownerChecked && r.doubt == kNoSym)
    for (const HeldHere &h : held)
      if (h.between == Between::Same && h.must && same(h.path, r.path))
        noteReacquire(s, r, h, site, witness());
  // What it holds for sure already is a re-acquisition, and no edge from whatever else it holds.
  if (std::any_of(held.begin(), held.end(), [&](const HeldHere &h) {
        return h.must && h.mode == Mode::Exclusive && same(h.path, r.path);
      }))
    held.clear();
  std::erase_if(held, [&](const HeldHere &h) { return same(h.path, r.path); });
  if (own || !held.empty()) {
    AcquireEvent e;
    e.witness = witness();
    e.path = r.path;
    e.mode = r.mode;
    e.kind = r.kind;
    e.waits = r.waits;
    e.ownerChecked = r.ownerChecked;
    e.ownRequest = own;
    e.held = std::move(held);
    addPassed(s, r.path, e.held);
    e.released = r.released;
    recorder.add(recorder.events.acquires, std::move(e), s, site,
                 mixed(r.path, mixed(static_cast<uint64_t>(r.mode) << 2 | static_cast<uint64_t>(r.waits),
                                     r.kind == facts::LockKind::Once)));
  }
  r.released.insert(r.released.end(), around.released.begin(), around.released.end());
  Conditions conditions(context);
  for (Atom &a : r.atoms)
    a = conditions.believed(s, a);
  for (const Atom &a : around.atoms)
    if (r.atoms.size() < kMaxRequestAtoms && std::find(r.atoms.begin(), r.atoms.end(), a) == r.atoms.end())
      r.atoms.push_back(a);
  std::erase_if(r.atoms,
                [&](const Atom &a) { return !isVisible(syms, a.left) || !isVisible(syms, a.right); });
  if (r.doubt == kNoSym)
    r.doubt = s.doubt;
  recorder.request(std::move(r), site, made);
}

/// Takes what is held once more. Until the second hold is given back, a writer's counts.
static void reenter(LockState &l, Mode mode) {
  ++l.depth;
  if (l.depth == 2 && l.mode == Mode::Shared && mode == Mode::Exclusive) {
    l.upgraded = true;
    l.mode = mode;
  }
}

void Locks::take(State &s, const LockRequest &r, WitnessId witness) const {
  LockState *known = find(s, r.path);
  if (known && known->held && !known->failed && same(known->path, r.path)) {
    // A try of one's own lock fails, unless an attribute made it re-entrant; anything else is a re-entry (or
    // a defect, recorded as such).
    known->again = known->again || r.waits == Waits::Forever;
    if (r.waits != Waits::Never || facts::isReentrant(r.kind))
      reenter(*known, r.mode);
    else if (known->depth > 1)
      known->unsure = true;
    return;
  }
  LockState l;
  l.path = r.path;
  l.mode = r.mode;
  l.kind = r.kind;
  l.tried = r.waits != Waits::Forever;
  l.pending = r.result;
  l.success = r.success;
  l.acquired = witness;
  l.many = syms.isVague(r.path);
  if (known && (!known->held || known->failed)) {
    l.fromCaller = known->fromCaller;
    l.released = known->released;
    *known = l;
    return;
  }
  if (s.locks.size() < kMaxLocks)
    s.locks.push_back(l);
}

void Locks::acquire(State &s, const LockRequest &r, uint32_t site) const {
  acquireAll(s, {r}, site);
}

void Locks::acquireAll(State &s, const std::vector<LockRequest> &all, uint32_t site) const {
  if (recorder.on) {
    Surroundings around = surroundings(s);
    for (const LockRequest &r : all) {
      Request q;
      q.path = r.path;
      q.mode = r.mode;
      q.kind = r.kind;
      q.waits = r.waits;
      note(s, around, std::move(q), site);
    }
  }
  for (const LockRequest &r : all)
    take(s, r, context.witnesses.add(frame.id, site));
}

// ---------------------------------------------------------------- release

void Locks::release(State &s, Sym path, Mode mode, bool anyMode, facts::LockKind kind, uint32_t site,
                    WitnessId inner) const {
  LockState *l = find(s, path);
  bool aliased = false;
  if (!l || (!l->held && !same(l->path, path)))
    if (LockState *alias = findAlias(s, path)) {
      l = alias;
      aliased = true;
    }
  WitnessId witness = recorder.on || !l || l->held ? context.witnesses.add(frame.id, site, inner) : kNone;
  ReleaseEvent e;
  e.witness = witness;
  e.path = path;
  e.mode = mode;
  e.lockKind = kind;
  e.kind = ReleaseEvent::Kind::FromCaller;
  if (l) {
    e.earlier = l->held ? l->acquired : l->released;
    e.kind = l->held ? ReleaseEvent::Kind::Own : ReleaseEvent::Kind::Twice;
    if (l->held && !anyMode && l->mode != mode && !l->upgraded && same(l->path, path) && l->acquired != kNone)
      e.kind = ReleaseEvent::Kind::WrongMode;
    if (!l->held && !same(l->path, path))
      e.kind = ReleaseEvent::Kind::FromCaller;
  }
  if (l && !l->held && l->unsure && e.kind == ReleaseEvent::Kind::Twice) {
    l->unsure = false; // it was another's turn then
    return;
  }
  if (e.kind == ReleaseEvent::Kind::FromCaller)
    e.held = heldNow(s);
  if (recorder.on)
    recorder.add(recorder.events.releases, e, s, site,
                 mixed(path, static_cast<uint64_t>(e.kind) << 1 | (inner != kNone)));
  if (l && l->held) {
    if (l->depth > 1) {
      --l->depth;
      if (l->upgraded && l->depth == 1) {
        l->upgraded = false;
        l->mode = Mode::Shared;
      }
      return;
    }
    if (l->many) {
      l->drained = true;
      return;
    }
    l->held = false;
    l->unsure = l->unsure || aliased;
    l->released = witness;
    l->pending = kNoSym;
    return;
  }
  if (l && e.kind == ReleaseEvent::Kind::Twice)
    return;
  LockState callers;
  callers.path = path;
  callers.held = false;
  callers.fromCaller = true;
  callers.mode = mode;
  callers.kind = kind;
  callers.released = witness;
  if (s.locks.size() < kMaxLocks)
    s.locks.push_back(callers);
}

void Locks::noteUntested(const State &s, Sym path, uint32_t site) const {
  const LockState *l = recorder.on ? find(s, path) : nullptr;
  if (!l || !l->held || !l->tried || l->pending == kNoSym || syms.isVague(l->pending) ||
      syms.kind(l->pending) != SymKind::Result || syms.node(l->pending).a != frame.id)
    return;
  bool tested = std::any_of(s.atoms.begin(), s.atoms.end(), [&](const Atom &a) {
    return syms.mentions(a.left, l->pending) || syms.mentions(a.right, l->pending);
  });
  if (tested)
    return;
  ReleaseEvent e;
  e.witness = context.witnesses.add(frame.id, site);
  e.path = path;
  e.mode = l->mode;
  e.lockKind = l->kind;
  e.kind = ReleaseEvent::Kind::Untested;
  e.earlier = l->acquired;
  recorder.add(recorder.events.releases, e, s, site, mixed(path, static_cast<uint64_t>(e.kind) << 1));
}

void Locks::settleAged(State &s) const {
  for (LockState &l : s.locks)
    if (syms.isVague(l.path))
      l.many = true;
  // Rounds of a loop leave one entry for each path.
  for (size_t n = 0; n < s.locks.size(); ++n)
    for (size_t m = n + 1; m < s.locks.size();)
      if (s.locks[m].path == s.locks[n].path && s.locks[m].held == s.locks[n].held)
        s.locks.erase(s.locks.begin() + m);
      else
        ++m;
  // What was acquired and released in an earlier round is of no interest.
  std::erase_if(s.locks, [](const LockState &l) { return l.many && !l.held && !l.fromCaller; });
}

} // namespace gordian::link
