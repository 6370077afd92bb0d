// SPDX-License-Identifier: MIT
#include "source/link/summary/conditions.h"
#include "source/link/summary/memory.h"

#include <algorithm>
#include <limits>

namespace gordian::link {

using ir::Predicate;

constexpr size_t kMaxAtoms = 32;
/// EOWNERDEAD: the lock was acquired, its last holder died.
constexpr int64_t kOwnerDead = 130;

Atom Conditions::negated(Atom a) {
  switch (a.predicate) {
  case Predicate::Eq:
    return {a.left, Predicate::Ne, a.right};
  case Predicate::Ne:
    return {a.left, Predicate::Eq, a.right};
  case Predicate::Lt:
    return {a.right, Predicate::Le, a.left};
  case Predicate::Le:
    return {a.right, Predicate::Lt, a.left};
  case Predicate::Gt:
    return {a.left, Predicate::Le, a.right};
  case Predicate::Ge:
    return {a.left, Predicate::Lt, a.right};
  }
  return a;
}

bool Conditions::integerOf(Sym s, int64_t &out) const {
  const SymNode &n = syms.node(s);
  if (n.kind == SymKind::Integer)
    out = static_cast<int64_t>(n.n);
  else if (n.kind == SymKind::Null)
    out = 0;
  else
    return false;
  return true;
}

/// Constants right, null is 0, no Gt and Ge but with a constant; equal things in one order.
Atom Conditions::normal(Atom a) const {
  auto flipped = [](Predicate p) {
    switch (p) {
    case Predicate::Lt:
      return Predicate::Gt;
    case Predicate::Le:
      return Predicate::Ge;
    case Predicate::Gt:
      return Predicate::Lt;
    case Predicate::Ge:
      return Predicate::Le;
    default:
      return p;
    }
  };
  int64_t n = 0;
  bool constantLeft = integerOf(a.left, n), constantRight = integerOf(a.right, n);
  bool equality = a.predicate == Predicate::Eq || a.predicate == Predicate::Ne;
  bool turn = constantLeft && !constantRight;
  if (!constantLeft && !constantRight)
    turn = equality ? a.left > a.right : a.predicate == Predicate::Gt || a.predicate == Predicate::Ge;
  if (turn)
    a = {a.right, flipped(a.predicate), a.left};
  if (syms.kind(a.right) == SymKind::Null)
    a.right = syms.integer(0);
  // -x < 3 is x > -3.
  const SymNode left = syms.node(a.left);
  if (left.kind == SymKind::Arith && static_cast<ir::Arithmetic>(left.sub) == ir::Arithmetic::Neg &&
      integerOf(a.right, n) && n != std::numeric_limits<int64_t>::min())
    return {left.a, flipped(a.predicate), syms.integer(-n)};
  // x + 1 == 3 is x == 2: a depth that is counted up and down.
  if (equality && left.kind == SymKind::Arith &&
      static_cast<ir::Arithmetic>(left.sub) == ir::Arithmetic::Add) {
    int64_t more = 0;
    if (integerOf(a.right, n) && integerOf(left.b, more))
      return {left.a, a.predicate, syms.integer(static_cast<int64_t>(uint64_t(n) - uint64_t(more)))};
  }
  return a;
}

Atom Conditions::atomOf(Sym value, bool truth) const {
  const SymNode n = syms.node(value);
  if (n.kind == SymKind::Not)
    return atomOf(n.a, !truth);
  Atom a = {value, Predicate::Ne, syms.integer(0)};
  if (n.kind == SymKind::Compare) {
    a = {n.a, static_cast<Predicate>(n.sub), n.b};
    // `(x < y) == 0`, `!!x != 0`: the inner condition decides.
    int64_t number = 0;
    SymKind inner = syms.kind(n.a);
    bool equality = a.predicate == Predicate::Eq || a.predicate == Predicate::Ne;
    if (equality && integerOf(n.b, number) && number == 0 &&
        (inner == SymKind::Compare || inner == SymKind::Not))
      return atomOf(n.a, truth == (a.predicate == Predicate::Ne));
  }
  return normal(truth ? a : negated(a));
}

/// What holds of a symbol that is compared with constants: a range and values that it is not.
Truth Conditions::decideByConstants(const std::vector<Atom> &known, const Atom &a) const {
  int64_t wanted = 0, low = std::numeric_limits<int64_t>::min(), high = std::numeric_limits<int64_t>::max();
  if (!integerOf(a.right, wanted))
    return Truth::Unknown;
  bool excluded = false;
  for (const Atom &k : known) {
    int64_t n = 0;
    if (k.left != a.left || !integerOf(k.right, n))
      continue;
    switch (k.predicate) {
    case Predicate::Eq:
      low = std::max(low, n);
      high = std::min(high, n);
      break;
    case Predicate::Ne:
      excluded = excluded || n == wanted;
      break;
    case Predicate::Lt:
      high = std::min(high, n == low ? n : n - 1);
      break;
    case Predicate::Le:
      high = std::min(high, n);
      break;
    case Predicate::Gt:
      low = std::max(low, n == high ? n : n + 1);
      break;
    case Predicate::Ge:
      low = std::max(low, n);
      break;
    }
  }
  auto truth = [](bool always, bool never) {
    return always ? Truth::True : never ? Truth::False : Truth::Unknown;
  };
  bool outside = wanted < low || wanted > high || excluded, exactly = low == high && low == wanted;
  switch (a.predicate) {
  case Predicate::Eq:
    return truth(exactly, outside);
  case Predicate::Ne:
    return truth(outside, exactly);
  case Predicate::Lt:
    return truth(high < wanted, low >= wanted);
  case Predicate::Le:
    return truth(high <= wanted, low > wanted);
  case Predicate::Gt:
    return truth(low > wanted, high <= wanted);
  case Predicate::Ge:
    return truth(low >= wanted, high < wanted);
  }
  return Truth::Unknown;
}

/// `known` and `a` compare the same two symbols.
static Truth follow(Predicate known, Predicate asked, bool turned) {
  if (turned) { // known: y ? x, asked: x ? y
    if (known == Predicate::Lt)
      known = Predicate::Gt;
    else if (known == Predicate::Le)
      known = Predicate::Ge;
  }
  auto range = [](Predicate p) { // which of <, =, > it allows
    switch (p) {
    case Predicate::Lt:
      return 1u;
    case Predicate::Eq:
      return 2u;
    case Predicate::Gt:
      return 4u;
    case Predicate::Le:
      return 3u;
    case Predicate::Ge:
      return 6u;
    case Predicate::Ne:
      return 5u;
    }
    return 7u;
  };
  unsigned k = range(known), q = range(asked);
  if ((k & q) == k)
    return Truth::True;
  return (k & q) == 0 ? Truth::False : Truth::Unknown;
}

Truth Conditions::decide(const std::vector<Atom> &known, const Atom &a) const {
  for (const Atom &k : known) {
    Truth t = Truth::Unknown;
    if (k.left == a.left && k.right == a.right)
      t = follow(k.predicate, a.predicate, false);
    else if (k.left == a.right && k.right == a.left)
      t = follow(k.predicate, a.predicate, true);
    if (t != Truth::Unknown)
      return t;
  }
  return decideByConstants(known, a);
}

/// What a value may be, where it is one of a few constants; empty: anything.
std::vector<int64_t> Conditions::constantsOf(const State &s, Sym value) const {
  constexpr size_t kMost = 16;
  int64_t number = 0;
  if (integerOf(value, number))
    return {number};
  for (const Choice &c : s.choices)
    if (c.value == value)
      return c.of;
  const SymNode n = syms.node(value);
  if (n.kind != SymKind::Arith || s.choices.empty())
    return {};
  std::vector<int64_t> out, x = constantsOf(s, n.a), y = constantsOf(s, n.b);
  if (x.size() * y.size() > kMost)
    return {};
  for (int64_t i : x)
    for (int64_t j : y) {
      Sym r = syms.arith(static_cast<ir::Arithmetic>(n.sub), syms.integer(i), syms.integer(j));
      if (!integerOf(r, number))
        return {};
      out.push_back(number);
    }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

Truth Conditions::decideByChoice(const State &s, const Atom &a) const {
  if (s.choices.empty())
    return Truth::Unknown;
  std::vector<int64_t> x = constantsOf(s, a.left), y = constantsOf(s, a.right);
  bool any = false, all = true;
  for (int64_t i : x)
    for (int64_t j : y) {
      bool holds = syms.node(syms.compare(a.predicate, syms.integer(i), syms.integer(j))).n != 0;
      any = any || holds;
      all = all && holds;
    }
  return x.empty() || y.empty() ? Truth::Unknown : all ? Truth::True : any ? Truth::Unknown : Truth::False;
}

/// Leaves of each choice the constants that `a` allows.
void Conditions::narrow(State &s, const Atom &a) const {
  for (Choice &c : s.choices) {
    if (!syms.mentions(a.left, c.value))
      continue;
    std::vector<int64_t> kept;
    for (int64_t n : c.of) {
      Sym with = syms.replaced(a.left, c.value, syms.integer(n));
      Sym holds = syms.compare(a.predicate, with, a.right);
      if (syms.kind(holds) != SymKind::Integer || syms.node(holds).n != 0)
        kept.push_back(n);
    }
    if (!kept.empty())
      c.of = std::move(kept);
  }
}

Truth Conditions::evaluate(const State &s, const Atom &a) const {
  if (std::optional<bool> known = syms.decided(a.predicate, a.left, a.right))
    return *known ? Truth::True : Truth::False;
  if (syms.isVague(a.left) || syms.isVague(a.right))
    return Truth::Unknown;
  Truth t = decide(s.atoms, normal(a));
  return t == Truth::Unknown ? decideByChoice(s, a) : t;
}

Truth Conditions::evaluate(const State &s, Sym value) const {
  const SymNode &n = syms.node(value);
  if (n.kind == SymKind::Integer)
    return n.n ? Truth::True : Truth::False;
  if (n.kind == SymKind::Null)
    return Truth::False;
  if (syms.isAddress(value))
    return Truth::True;
  return evaluate(s, atomOf(value, true));
}

bool Conditions::isNull(const State &s, Sym pointer) const {
  int64_t number = 0;
  if (integerOf(pointer, number))
    return number == 0;
  return !syms.isVague(pointer) && std::any_of(s.atoms.begin(), s.atoms.end(), [&](const Atom &a) {
    return a.left == pointer && a.predicate == Predicate::Eq && integerOf(a.right, number) && number == 0;
  });
}

void Conditions::noteNotNull(State &s, Sym pointer) const {
  Atom a = {pointer, Predicate::Ne, syms.integer(0)};
  // Branches say more: they are not pushed out by these.
  if (s.atoms.size() < kMaxAtoms / 2 && std::find(s.atoms.begin(), s.atoms.end(), a) == s.atoms.end())
    s.atoms.push_back(a);
}

/// `value` as it would read if neither other threads nor callees had written: every read at the last change
/// that this function made itself.
Sym Conditions::believed(const State &s, Sym value) const {
  if (syms.isTimeless(value))
    return value;
  value = syms.withoutSoftness(value);
  const SymNode n = syms.node(value);
  if (n.kind != SymKind::Load)
    return syms.rebuild(value, [&](Sym x) { return believed(s, x); });
  Sym address = believed(s, n.a);
  auto isOf = [&](const Clobber &c) { return !c.soft && c.site == syms.versionInfo(n.b).site; };
  auto at = std::find_if(s.clobbers.begin(), s.clobbers.end(), isOf);
  WriteKey key = Memory::keyOf(syms, n.a);
  if (n.b == 0 || at == s.clobbers.end() || !at->isByCall(key))
    return syms.load(address, n.b);
  while (at != s.clobbers.begin()) {
    --at;
    if (!at->soft && !at->isByCall(key) && (!at->writes || at->writes->has(key)))
      return syms.load(address, syms.version({syms.versionInfo(n.b).function, at->site, false, 0}));
  }
  return syms.load(address, 0);
}

Atom Conditions::believed(const State &s, const Atom &a) const {
  return normal({believed(s, a.left), a.predicate, believed(s, a.right)});
}

bool Conditions::contradictsBelief(const State &s, const Atom &a) const {
  auto timeless = [&](Sym x) { return syms.withoutVersions(syms.withoutSoftness(x)); };
  Sym left = timeless(a.left), right = timeless(a.right);
  std::vector<Atom> related;
  for (const Atom &k : s.atoms) {
    Sym x = timeless(k.left), y = timeless(k.right);
    bool sameValue = x == left && (y == right || syms.isConstant(y)), turned = x == right && y == left;
    if (sameValue || turned)
      related.push_back(believed(s, k));
  }
  return !related.empty() && decide(related, believed(s, a)) == Truth::False;
}

/// Whether `a`, which is assumed by now, rules out what one of was known to hold.
bool Conditions::leavesNeither(const State &s, const Atom &a) const {
  auto timeless = [&](Sym x) { return syms.withoutVersions(syms.withoutSoftness(x)); };
  Sym left = timeless(a.left);
  std::vector<Atom> known;
  for (const auto &[p, q] : s.either) {
    if (timeless(p.left) != left && timeless(q.left) != left)
      continue;
    for (size_t n = known.size(); n < s.atoms.size(); ++n)
      known.push_back(believed(s, s.atoms[n]));
    if (decide(known, believed(s, p)) == Truth::False && decide(known, believed(s, q)) == Truth::False)
      return true;
  }
  return false;
}

bool Conditions::assume(State &s, Sym value, bool truth) const {
  Truth t = evaluate(s, value);
  if (t != Truth::Unknown)
    return (t == Truth::True) == truth;
  return assume(s, atomOf(value, truth));
}

bool Conditions::assume(State &s, Atom a) const {
  Truth t = evaluate(s, a);
  if (t != Truth::Unknown)
    return t == Truth::True;
  a = normal(a);
  if (syms.isVague(a.left) || syms.isVague(a.right))
    return settleLocks(s);
  if (s.doubt == kNoSym && contradictsBelief(s, a))
    s.doubt = syms.withoutSoftness(a.left);
  narrow(s, a);
  if (s.atoms.size() >= kMaxAtoms)
    s.atoms.erase(s.atoms.begin());
  s.atoms.push_back(a);
  if (s.doubt == kNoSym && !s.either.empty() && leavesNeither(s, a))
    s.doubt = syms.withoutSoftness(a.left);
  return settleLocks(s);
}

Atom successAtom(Symbols &syms, Sym r, Success convention) {
  switch (convention) {
  case Success::Zero:
    return {r, Predicate::Eq, syms.integer(0)};
  case Success::Negative:
    return {r, Predicate::Lt, syms.integer(0)}; // std::try_lock: -1 is success
  default:
    return {r, Predicate::Ne, syms.integer(0)};
  }
}

/// Error codes are positive numbers: a caller that is told `-error` sees a negative one.
void Conditions::noteErrorCode(State &s, Sym result) const {
  Atom a = {result, Predicate::Gt, syms.integer(0)};
  if (s.atoms.size() < kMaxAtoms && std::find(s.atoms.begin(), s.atoms.end(), a) == s.atoms.end())
    s.atoms.push_back(a);
}

/// Locks whose acquisition the conditions now decide. That a request fails which waits until it succeeds is
/// mostly told to a log, and the path goes on as if it had not: such a lock stays here, marked, so that the
/// two meet again.
bool Conditions::settleLocks(State &s) const {
  for (size_t n = 0; n < s.locks.size();) {
    LockState &l = s.locks[n];
    Truth t = l.pending == kNoSym ? Truth::Unknown : evaluate(s, successAtom(syms, l.pending, l.success));
    if (t == Truth::False && l.success == Success::Zero &&
        evaluate(s, Atom{l.pending, Predicate::Eq, syms.integer(kOwnerDead)}) == Truth::True)
      t = Truth::True;
    if (t == Truth::False && l.success == Success::Zero && l.kind != facts::LockKind::Semaphore)
      noteErrorCode(s, l.pending);
    if (t == Truth::False && l.held && !l.tried) {
      l.failed = true;
      l.pending = kNoSym;
    } else if (t == Truth::False && l.held) {
      s.locks.erase(s.locks.begin() + n);
      continue;
    }
    if (t == Truth::True)
      l.pending = kNoSym;
    ++n;
  }
  return true;
}

} // namespace gordian::link
