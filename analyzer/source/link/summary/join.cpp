// SPDX-License-Identifier: MIT
#include "source/link/summary/join.h"
#include "source/link/summary/conditions.h"
#include "source/link/summary/locks.h"
#include "source/link/summary/recorder.h"

#include <algorithm>
#include <iterator>

namespace gordian::link {

/// A released lock that was acquired here too is only remembered to explain a second release; unless that
/// may not have been its release.
static bool isTracked(const LockState &l) {
  return l.held || l.fromCaller || l.unsure;
}

bool Join::sameLocks(const State &a, const State &b) const {
  auto next = [](const std::vector<LockState> &v, size_t n) {
    while (n < v.size() && !isTracked(v[n]))
      ++n;
    return n;
  };
  size_t i = next(a.locks, 0), j = next(b.locks, 0);
  for (; i < a.locks.size() && j < b.locks.size(); i = next(a.locks, i + 1), j = next(b.locks, j + 1)) {
    const LockState &x = a.locks[i], &y = b.locks[j];
    if (x.path != y.path || x.held != y.held || x.mode != y.mode || x.fromCaller != y.fromCaller ||
        x.pending != y.pending || x.depth != y.depth || x.drained != y.drained || x.unsure != y.unsure)
      return false;
  }
  return i == a.locks.size() && j == b.locks.size() && a.unwinding == b.unwinding &&
         a.endsThread == b.endsThread && a.jumps == b.jumps;
}

/// Whether a value says which object is meant, so that merging it with another would lose a lock's identity.
bool Join::isIdentity(Sym v) const {
  switch (syms.kind(v)) {
  case SymKind::Global:
  case SymKind::Local:
  case SymKind::Alloc:
  case SymKind::Function:
  case SymKind::Field:
  case SymKind::Element:
  case SymKind::Param:
    return true;
  case SymKind::Load:
    return !syms.isVague(v);
  default:
    return false;
  }
}

/// Which of the two it is was chosen by comparing them: the lower index here, the higher one there.
bool Join::areOrdered(const State &s, Sym x, Sym y) {
  return std::any_of(s.atoms.begin(), s.atoms.end(), [&](const Atom &k) {
    bool less = k.predicate == ir::Predicate::Lt || k.predicate == ir::Predicate::Le;
    return less && ((k.left == x && k.right == y) || (k.left == y && k.right == x));
  });
}

bool Join::sameObjects(const State &a, const State &b) const {
  auto i = a.memory.begin(), j = b.memory.begin();
  while (i != a.memory.end() && j != b.memory.end()) {
    if (i->first < j->first) {
      ++i;
    } else if (j->first < i->first) {
      ++j;
    } else {
      bool slot = syms.kind(i->first) == SymKind::Slot;
      if (i->second != j->second &&
          (slot || isIdentity(i->second) || isIdentity(j->second) || areOrdered(a, i->second, j->second)))
        return false;
      ++i, ++j;
    }
  }
  for (auto x = a.values.begin(), y = b.values.begin(); x != a.values.end() && y != b.values.end();) {
    if (x->first < y->first) {
      ++x;
    } else if (y->first < x->first) {
      ++y;
    } else {
      if (x->second != y->second &&
          (isIdentity(x->second) || isIdentity(y->second) || areOrdered(a, x->second, y->second)))
        return false;
      ++x, ++y;
    }
  }
  return true;
}

/// `test` of each two entries of one lock of which one did fail and the other did not.
template <class F>
static bool allFailures(const State &a, const State &b, F &&test) {
  for (const LockState &x : a.locks)
    for (const LockState &y : b.locks)
      if (x.path == y.path && x.held && y.held && x.failed != y.failed && !test(x, y))
        return false;
  return true;
}

/// A path whose request failed meets the others where its local variables do not remember it.
bool Join::sameFailures(const State &a, const State &b) const {
  auto ofLocals = [&](const State &s) {
    std::vector<Binding> out;
    for (const Binding &m : s.memory)
      if (syms.isLocalStorage(m.first))
        out.push_back(m);
    return out;
  };
  return allFailures(a, b, [&](const LockState &, const LockState &) { return ofLocals(a) == ofLocals(b); });
}

/// Every path of `b` is one of `a`.
bool Join::includes(const State &a, const State &b) const {
  if (a.memory != b.memory || a.values != b.values || a.clobbers != b.clobbers || a.threads != b.threads ||
      a.assumedThrow > b.assumedThrow || (a.doubt != kNoSym && b.doubt == kNoSym) || !sameLocks(a, b) ||
      !allFailures(a, b, [](const LockState &x, const LockState &) { return !x.failed; }))
    return false;
  auto has = [](const auto &all, const auto &x) { return std::find(all.begin(), all.end(), x) != all.end(); };
  return std::all_of(a.atoms.begin(), a.atoms.end(), [&](const Atom &x) { return has(b.atoms, x); }) &&
         std::all_of(a.either.begin(), a.either.end(), [&](const auto &e) { return holds(b, e); }) &&
         std::all_of(a.choices.begin(), a.choices.end(), [&](const Choice &x) { return has(b.choices, x); });
}

/// Stands for several values already: quicker seen than looked up.
bool Join::isPhi(Sym s, ir::Id block, uint64_t cell) const {
  const SymNode &n = syms.node(s);
  return n.kind == SymKind::Phi && n.a == frame.id && n.b == block && n.n == cell;
}

/// `value` is one of `x` or of `y`; nothing is known where one of the two is empty.
void Join::addChoice(std::vector<Choice> &all, Sym value, const std::vector<int64_t> &x,
                     const std::vector<int64_t> &y) {
  constexpr size_t kMaxConstants = 6, kMaxChoices = 8;
  std::vector<int64_t> of;
  std::set_union(x.begin(), x.end(), y.begin(), y.end(), std::back_inserter(of));
  if (!x.empty() && !y.empty() && of.size() <= kMaxConstants && all.size() < kMaxChoices)
    all.push_back({value, std::move(of)});
}

/// `made`: what is known of the values that the merge has joined. Of others both must know it.
bool Join::mergeChoices(State &a, const State &b, std::vector<Choice> made) {
  auto find = [](const std::vector<Choice> &all, Sym value) {
    return std::find_if(all.begin(), all.end(), [&](const Choice &c) { return c.value == value; });
  };
  for (const Choice &c : a.choices)
    if (auto other = find(b.choices, c.value); find(made, c.value) == made.end() && other != b.choices.end())
      addChoice(made, c.value, c.of, other->of);
  bool changed = made != a.choices;
  a.choices = std::move(made);
  return changed;
}

bool Join::mergeMemory(State &a, const State &b, ir::Id block, Place place, Made &made) const {
  bool changed = false;
  Conditions conditions(context);
  std::vector<Binding> merged;
  merged.reserve(a.memory.size());
  auto i = a.memory.begin();
  auto j = b.memory.begin();
  auto differ = [&](Sym address, Sym x, Sym y) {
    // The ways out of a callee: it may have written, which its clobber says.
    if (x != y && place == Place::Call && syms.kind(address) != SymKind::Slot &&
        !syms.isLocalStorage(address)) {
      changed = true;
      return;
    }
    Sym v = x == y || isPhi(x, block, address) ? x : syms.phi(frame.id, block, address);
    changed = changed || v != x;
    if (x != y && syms.isLocalStorage(address))
      addChoice(made.choices, v, conditions.constantsOf(a, x), conditions.constantsOf(b, y));
    merged.push_back({address, v});
  };
  while (i != a.memory.end() || j != b.memory.end()) {
    bool takeA = j == b.memory.end() || (i != a.memory.end() && i->first <= j->first);
    bool takeB = i == a.memory.end() || (j != b.memory.end() && j->first <= i->first);
    Sym address = takeA ? i->first : j->first;
    Sym x = takeA ? i->second : memory.read(a, address), y = takeB ? j->second : memory.read(b, address);
    if (takeA && takeB) {
      differ(address, x, y);
    } else if (x == y) {
      changed = changed || takeA; // what memory holds anyway needs no entry
    } else {
      differ(address, x, y);
    }
    i += takeA;
    j += takeB;
  }
  a.memory = std::move(merged);
  return changed;
}

/// What a joined value is either way, in short: of the results of a callee's ways out that all failures are
/// negative, or not zero.
void Join::addSigns(const State &a, const State &b, Sym value, Sym x, Sym y, Made &made) const {
  Conditions conditions(context);
  addChoice(made.choices, value, conditions.constantsOf(a, x), conditions.constantsOf(b, y));
  for (ir::Predicate p : {ir::Predicate::Ne, ir::Predicate::Lt, ir::Predicate::Gt})
    if (conditions.evaluate(a, Atom{x, p, syms.integer(0)}) == Truth::True &&
        conditions.evaluate(b, Atom{y, p, syms.integer(0)}) == Truth::True)
      made.atoms.push_back({value, p, syms.integer(0)});
}

bool Join::mergeValues(State &a, const State &b, ir::Id block, Place place, Made &made) const {
  bool changed = false;
  std::vector<std::pair<uint32_t, Sym>> merged;
  merged.reserve(a.values.size());
  auto j = b.values.begin();
  for (auto &[v, x] : a.values) {
    while (j != b.values.end() && j->first < v)
      ++j;
    if (j == b.values.end() || j->first != v) {
      changed = true;
      continue;
    }
    uint64_t cell = uint64_t(1) << 32 | v;
    Sym y = x == j->second || isPhi(x, block, cell) ? x : syms.phi(frame.id, block, cell);
    changed = changed || y != x;
    if (x != j->second && place == Place::Call)
      addSigns(a, b, y, x, j->second, made);
    merged.push_back({v, y});
  }
  a.values = std::move(merged);
  return changed;
}

bool Join::mergeLocks(State &a, const State &b) const {
  bool changed = false;
  for (size_t n = 0; n < a.locks.size();) {
    LockState &l = a.locks[n];
    auto other = std::find_if(b.locks.begin(), b.locks.end(),
                              [&](const LockState &x) { return x.path == l.path && x.held == l.held; });
    if (other == b.locks.end()) {
      // Only where the limit forces it: held on some of the paths.
      if (!isTracked(l)) {
        a.locks.erase(a.locks.begin() + n);
        changed = true;
        continue;
      }
      changed = changed || l.must;
      l.must = false;
    } else {
      changed = changed || l.must > other->must || l.failed > other->failed || l.again > other->again;
      l.must = l.must && other->must;
      l.again = l.again && other->again;
      l.failed = l.failed && other->failed;
    }
    ++n;
  }
  return changed;
}

bool Join::mergeClobbers(State &a, const State &b) const {
  if (a.clobbers == b.clobbers)
    return false;
  bool changed = false;
  for (const Clobber &c : b.clobbers)
    if (std::find(a.clobbers.begin(), a.clobbers.end(), c) == a.clobbers.end()) {
      a.clobbers.push_back(c);
      changed = true;
    }
  return changed;
}

static bool holds(const State &s, const std::pair<Atom, Atom> &either) {
  auto has = [&](const Atom &x) { return std::find(s.atoms.begin(), s.atoms.end(), x) != s.atoms.end(); };
  return has(either.first) || has(either.second) ||
         std::find(s.either.begin(), s.either.end(), either) != s.either.end();
}

/// What both know stays. The two ways into `if (p || q)` know p here, and !p with q there: one of p and q
/// holds behind it.
bool Join::mergeAtoms(State &a, const State &b) {
  constexpr size_t kMaxEither = 4;
  auto without = [](const State &x, const State &y) {
    std::vector<Atom> out;
    for (const Atom &atom : x.atoms)
      if (std::find(y.atoms.begin(), y.atoms.end(), atom) == y.atoms.end())
        out.push_back(atom);
    return out;
  };
  std::vector<Atom> here = without(a, b), there = without(b, a);
  std::vector<std::pair<Atom, Atom>> either;
  for (const auto &e : a.either)
    if (holds(b, e))
      either.push_back(e);
  bool changed = !here.empty() || either.size() != a.either.size();
  auto learn = [&](const std::vector<Atom> &x, const std::vector<Atom> &y) {
    for (const Atom &p : x)
      if (std::find(y.begin(), y.end(), Conditions::negated(p)) != y.end())
        for (const Atom &q : y)
          if (q != Conditions::negated(p) && either.size() < kMaxEither)
            either.push_back({p, q});
  };
  learn(here, there);
  learn(there, here);
  a.either = std::move(either);
  std::erase_if(a.atoms, [&](const Atom &x) { return std::find(here.begin(), here.end(), x) != here.end(); });
  return changed;
}

bool Join::merge(State &a, const State &b, ir::Id block, Place place) const {
  Made made;
  bool changed = mergeMemory(a, b, block, place, made);
  changed = mergeValues(a, b, block, place, made) || changed;
  changed = mergeChoices(a, b, std::move(made.choices)) || changed;
  changed = mergeLocks(a, b) || changed;
  changed = mergeClobbers(a, b) || changed;
  changed = mergeAtoms(a, b) || changed;
  for (const Atom &x : made.atoms)
    if (std::find(a.atoms.begin(), a.atoms.end(), x) == a.atoms.end())
      a.atoms.push_back(x);
  for (const LiveThread &t : b.threads)
    if (std::find(a.threads.begin(), a.threads.end(), t) == a.threads.end()) {
      a.threads.push_back(t);
      changed = true;
    }
  // Joined for sure: on both.
  std::erase_if(a.joined,
                [&](Sym h) { return std::find(b.joined.begin(), b.joined.end(), h) == b.joined.end(); });
  a.joinedMany = a.joinedMany && b.joinedMany;
  for (const auto &w : b.unguardedWrites)
    if (std::find(a.unguardedWrites.begin(), a.unguardedWrites.end(), w) == a.unguardedWrites.end())
      a.unguardedWrites.push_back(w);
  if (a.doubt != kNoSym && b.doubt == kNoSym) {
    a.doubt = kNoSym;
    changed = true;
  }
  if (a.assumedThrow && !b.assumedThrow) {
    a.assumedThrow = false;
    changed = true;
  }
  return changed;
}

int Join::into(std::vector<State> &states, State s, ir::Id block, Place place) const {
  for (const State &known : states)
    if (includes(known, s))
      return -1;
  for (size_t n = 0; n < states.size(); ++n)
    if (sameLocks(states[n], s) && sameFailures(states[n], s) &&
        (place == Place::LoopHead || frame.maxStates == 1 || sameObjects(states[n], s)))
      return merge(states[n], s, block, place) ? static_cast<int>(n) : -1;
  if (states.size() < frame.maxStates) {
    states.push_back(std::move(s));
    return static_cast<int>(states.size() - 1);
  }
  ++context.cuts.states;
  for (size_t n = 0; n < states.size(); ++n)
    if (sameLocks(states[n], s)) {
      bool changed = !states[n].blurred; // once and for all: states must not go to and fro
      states[n].blurred = true;
      return merge(states[n], s, block, place) || changed ? static_cast<int>(n) : -1;
    }
  return -1;
}

// ---------------------------------------------------------------- loops

template <class F>
void Join::mapSymbols(State &s, F &&f) const {
  std::vector<Binding> mapped;
  for (const Binding &b : s.memory) {
    Sym address = f(b.first);
    if (!syms.isVague(address))
      mapped.push_back({address, f(b.second)});
  }
  std::sort(mapped.begin(), mapped.end());
  mapped.erase(std::unique(mapped.begin(), mapped.end(),
                           [](const Binding &x, const Binding &y) { return x.first == y.first; }),
               mapped.end());
  s.memory = std::move(mapped);
  for (auto &[v, value] : s.values)
    value = f(value);
  for (LockState &l : s.locks) {
    l.path = f(l.path);
    if (l.pending != kNoSym)
      l.pending = f(l.pending);
  }
  for (Atom &a : s.atoms)
    a = {f(a.left), a.predicate, f(a.right)};
  std::erase_if(s.atoms, [&](const Atom &a) { return syms.isVague(a.left) || syms.isVague(a.right); });
  for (auto &[p, q] : s.either)
    for (Atom *x : {&p, &q})
      *x = {f(x->left), x->predicate, f(x->right)};
  for (Choice &c : s.choices)
    c.value = f(c.value);
  std::erase_if(s.choices, [&](const Choice &c) { return syms.isVague(c.value); });
  for (LiveThread &t : s.threads)
    if (t.handle != kNoSym)
      t.handle = f(t.handle);
}

void Join::enterLoop(State &s, uint32_t loop) const {
  const Loop &l = frame.shape.loops[loop];
  const Places &inside = frame.loopPlaces[loop];
  uint32_t head = kHeadSite | l.head;
  std::erase_if(s.clobbers, [&](const Clobber &c) {
    return c.site & kHeadSite ? inside.hasBlock(c.site & ~kHeadSite) : inside.hasSite(c.site);
  });
  memory.clobber(s, head, nullptr, true);
  memory.clobber(s, head, frame.loopWrites[loop], false, false, frame.loopOwnWrites[loop]);
}

/// Locals that change in the loop: the value of this round becomes Phi, in all places at once, so that what
/// was said of the value (the lock of the node that `cur` points to is held) goes on to be said of the local.
void Join::renameAtHead(State &s, const Loop &l, const std::vector<State> &atHead) const {
  std::vector<Sym> addresses;
  for (const Binding &b : s.memory)
    addresses.push_back(b.first);
  for (Sym address : addresses) {
    Sym value = Memory::stored(s, address);
    if (value == kNoSym)
      continue;                                           // gone with an earlier renaming
    const SymNode root = syms.node(syms.rootOf(address)); // by value: symbols are made below
    bool ownLocal = root.kind == SymKind::Local && root.a == frame.id;
    if (ownLocal && !l.storedLocals[root.b])
      continue;
    // A flag that goes with the locks (`held = 1`) is told apart with them.
    bool flag = syms.kind(value) == SymKind::Integer;
    bool changes = std::any_of(atHead.begin(), atHead.end(), [&](const State &h) {
      return memory.read(h, address) != value && (!flag || sameLocks(h, s));
    });
    if (!changes)
      continue;
    Sym phi = syms.phi(frame.id, l.head, address);
    bool plain = syms.isConstant(value) || syms.kind(value) == SymKind::Param ||
                 syms.kind(value) == SymKind::Local || syms.kind(value) == SymKind::Compare;
    if (!plain && value != phi)
      mapSymbols(s, [&](Sym x) { return syms.replaced(x, value, phi); });
    Memory::store(s, address, phi);
  }
}

void Join::startRound(State &s, uint32_t loop, const std::vector<State> &atHead) const {
  const Loop &l = frame.shape.loops[loop];
  const Places &inside = frame.loopPlaces[loop];
  auto age = [&](Sym x) { return syms.aged(x, inside); };
  // Not by mapSymbols: values that are Old must stay until the locals that hold them are renamed.
  std::vector<Binding> aged;
  for (const Binding &b : s.memory)
    if (Sym address = age(b.first); !syms.isVague(address))
      aged.push_back({address, age(b.second)});
  std::sort(aged.begin(), aged.end());
  s.memory = std::move(aged);
  for (auto &[v, value] : s.values)
    value = age(value);
  for (LockState &k : s.locks) {
    k.path = age(k.path);
    if (k.pending != kNoSym)
      k.pending = age(k.pending);
  }
  for (Atom &a : s.atoms)
    a = {age(a.left), a.predicate, age(a.right)};
  for (Choice &c : s.choices)
    c.value = age(c.value);
  std::erase_if(s.choices, [&](const Choice &c) { return syms.isVague(c.value); });
  for (LiveThread &t : s.threads)
    if (t.handle != kNoSym)
      t.handle = age(t.handle);
  for (LiveThread &t : s.threads)
    if (t.handle != kNoSym && t.function == frame.id && inside.hasSite(t.site)) {
      t.handle = syms.anyIndex(t.handle);
      t.many = true;
    }
  for (auto &[p, q] : s.either)
    for (Atom *x : {&p, &q})
      *x = {age(x->left), x->predicate, age(x->right)};
  renameAtHead(s, l, atHead);
  auto isVague = [&](const Atom &a) { return syms.isVague(a.left) || syms.isVague(a.right); };
  std::erase_if(s.either, [&](const auto &e) { return isVague(e.first) || isVague(e.second); });
  std::erase_if(s.atoms, isVague);
  for (LockState &k : s.locks) {
    // An element that was taken in this round and stays held is one of many, whatever its index was. So is
    // one whose index is of an earlier round.
    const WitnessNode *w = k.acquired == kNone ? nullptr : &context.witnesses[k.acquired];
    if (k.held && w && w->function == frame.id && inside.hasSite(w->site))
      k.path = syms.anyIndex(k.path);
    k.path = syms.anyElement(k.path);
    k.many = k.many || syms.isVague(k.path);
  }
  Recorder unused(context, frame);
  Locks(context, frame, unused).settleAged(s);
}

} // namespace gordian::link
