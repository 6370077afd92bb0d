// SPDX-License-Identifier: MIT
#include "source/link/values/symbols.h"

namespace gordian::link {

/// Terms deeper than this become unknown values: lists and trees are walked in loops and recursions.
constexpr uint8_t kMaxDepth = 10;

Symbols::Symbols(const MemberPointers *p) : table(1 << 12, kNoSym), pointers(p) {
  versions.push_back({});
}

void Symbols::clear() {
  constexpr size_t kMostKept = 1 << 14;
  if (table.size() > kMostKept) {
    *this = Symbols(pointers);
    return;
  }
  std::fill(table.begin(), table.end(), kNoSym);
  nodes.clear();
  versions.assign(1, {});
  versionNumbers.clear();
  plain.clear();
  hard.clear();
}

uint64_t Symbols::hashOf(const SymNode &n) {
  uint64_t h = (uint64_t(n.kind) << 8 | n.sub) * 0x9e3779b97f4a7c15ull;
  for (uint64_t part : {uint64_t(n.a) << 32 | n.b, n.n}) {
    h = (h ^ part) * 0xbf58476d1ce4e5b9ull;
    h ^= h >> 29;
  }
  return h;
}

void Symbols::grow() {
  std::vector<Sym> larger(table.size() * 2, kNoSym);
  size_t mask = larger.size() - 1;
  for (Sym s = 0; s < nodes.size(); ++s) {
    size_t at = hashOf(nodes[s]) & mask;
    while (larger[at] != kNoSym)
      at = (at + 1) & mask;
    larger[at] = s;
  }
  table.swap(larger);
}

uint64_t Symbols::siteBit(FunctionId f, uint32_t site, bool isBlock) {
  uint64_t h = ((uint64_t(f) << 33) ^ (uint64_t(site) << 1) ^ isBlock) * 0x9e3779b97f4a7c15ull;
  return uint64_t(1) << (h >> 58);
}

bool Symbols::isVisible(const SymNode &n) const {
  auto operand = [&](uint64_t s) {
    return static_cast<Sym>(s) == kNoSym || nodes[static_cast<Sym>(s)].visible;
  };
  switch (n.kind) {
  case SymKind::Integer:
  case SymKind::Null:
  case SymKind::ThreadSelf:
  case SymKind::String:
  case SymKind::Function:
  case SymKind::Param:
  case SymKind::Global:
    return true;
  case SymKind::Load:
    return n.b == 0 && operand(n.a);
  case SymKind::Field:
  case SymKind::Slot:
  case SymKind::Container:
  case SymKind::Not:
    return operand(n.a);
  case SymKind::Element:
    return operand(n.a) && operand(n.n);
  case SymKind::Compare:
  case SymKind::Arith:
    return operand(n.a) && operand(n.b);
  default:
    return false;
  }
}

Sym Symbols::make(SymKind kind, uint8_t sub, uint32_t a, uint32_t b, uint64_t n) {
  SymNode fresh;
  fresh.vague = kind == SymKind::Old || (kind == SymKind::Element && static_cast<Sym>(n) == kNoSym);
  fresh.kind = kind;
  fresh.sub = sub;
  fresh.a = a;
  fresh.b = b;
  fresh.n = n;
  size_t mask = table.size() - 1, at = hashOf(fresh) & mask;
  for (; table[at] != kNoSym; at = (at + 1) & mask) {
    const SymNode &known = nodes[table[at]];
    if (known.kind == kind && known.sub == sub && known.a == a && known.b == b && known.n == n)
      return table[at];
  }
  auto inherit = [&](Sym s, int deeper) {
    if (s == kNoSym)
      return;
    fresh.sites |= nodes[s].sites;
    fresh.vague = fresh.vague || nodes[s].vague;
    fresh.depth = std::max<uint8_t>(fresh.depth, static_cast<uint8_t>(nodes[s].depth + deeper));
  };
  switch (kind) {
  case SymKind::Unknown:
  case SymKind::Alloc:
  case SymKind::Result:
  case SymKind::FromCall:
    fresh.sites = siteBit(a, b, false);
    break;
  case SymKind::Phi:
    fresh.sites = siteBit(a, b, true);
    break;
  case SymKind::Load:
    inherit(a, 1);
    if (b)
      fresh.sites |=
          siteBit(versions[b].function, versions[b].site & ~kHeadSite, versions[b].site & kHeadSite);
    break;
  case SymKind::Field:
  case SymKind::Slot:
  case SymKind::Container:
  case SymKind::Not:
  case SymKind::Old:
    inherit(a, 0);
    break;
  case SymKind::Element:
    inherit(a, 0);
    inherit(static_cast<Sym>(n), 0);
    break;
  case SymKind::Compare:
  case SymKind::Arith:
    inherit(a, 1);
    inherit(b, 1);
    break;
  case SymKind::Pure:
    inherit(b, 0);
    inherit(static_cast<Sym>(n), 1);
    break;
  default:
    break;
  }
  fresh.visible = isVisible(fresh);
  Sym s = static_cast<Sym>(nodes.size());
  nodes.push_back(fresh);
  table[at] = s;
  if (nodes.size() * 2 > table.size())
    grow();
  return s;
}

uint32_t Symbols::version(const Version &v) {
  std::pair<uint64_t, uint64_t> key = {uint64_t(v.function) << 32 | v.site,
                                       uint64_t(v.previous) << 1 | v.soft};
  auto [it, isNew] = versionNumbers.try_emplace(key, static_cast<uint32_t>(versions.size()));
  if (isNew)
    versions.push_back(v);
  return it->second;
}

// ---------------------------------------------------------------- terms

Sym Symbols::unknown(FunctionId f, uint32_t site, uint32_t number) {
  return make(SymKind::Unknown, 0, f, site, number);
}

Sym Symbols::tooDeep(Sym inner) {
  while (nodes[inner].depth >= kMaxDepth / 2 && nodes[inner].kind != SymKind::Unknown) {
    SymKind k = nodes[inner].kind;
    bool steps = k == SymKind::Load || k == SymKind::Field || k == SymKind::Element || k == SymKind::Slot ||
                 k == SymKind::Container || k == SymKind::Old || k == SymKind::Not || k == SymKind::Compare ||
                 k == SymKind::Arith;
    if (!steps)
      break;
    inner = nodes[inner].a;
  }
  return make(SymKind::Old, 0, inner);
}

Sym Symbols::fromCall(FunctionId f, uint32_t site, Sym callees) {
  return nodes[callees].kind == SymKind::FromCall ? make(SymKind::FromCall, 0, f, site, nodes[callees].n)
                                                  : make(SymKind::FromCall, 0, f, site, callees);
}

Sym Symbols::pure(FunctionId callee, const std::vector<Sym> &args) {
  Sym list = kNoSym;
  for (Sym a : args)
    list = make(SymKind::Pure, 0, kNone, list, a);
  return make(SymKind::Pure, 0, callee, list, kNoSym);
}

Sym Symbols::pointedTo(Sym address) {
  const SymNode &last = nodes[address];
  if (last.kind != SymKind::Field)
    return kNoSym;
  const std::vector<MemberPointers::Fixed> *all = pointers->endingIn({last.b, static_cast<uint32_t>(last.n)});
  if (!all)
    return kNoSym;
  for (const MemberPointers::Fixed &p : *all) {
    Sym object = address;
    bool same = true;
    for (auto f = p.from.fields.rbegin(); same && f != p.from.fields.rend(); ++f) {
      const SymNode &n = nodes[object];
      same = n.kind == SymKind::Field && n.b == f->first && n.n == f->second;
      object = n.a;
    }
    if (!same || (p.from.global != kNone &&
                  (nodes[object].kind != SymKind::Global || nodes[object].a != p.from.global)))
      continue;
    Sym to = p.to.global == kNone ? object : global(p.to.global);
    for (const FieldRef &f : p.to.fields)
      to = field(to, f.first, f.second);
    return to;
  }
  return kNoSym;
}

Sym Symbols::load(Sym address, uint32_t v) {
  if (Sym fixed = pointedTo(address); fixed != kNoSym)
    return fixed;
  if (nodes[address].depth + 1 > kMaxDepth)
    return tooDeep(address);
  return make(SymKind::Load, 0, address, v);
}

Sym Symbols::field(Sym object, ClassId c, uint32_t number) {
  const SymNode &n = nodes[object];
  if (n.kind == SymKind::Container && n.b == c && n.n == number)
    return n.a;
  return make(SymKind::Field, 0, object, c, number);
}

Sym Symbols::element(Sym array, Sym index) {
  return make(SymKind::Element, 0, array, 0, index);
}

Sym Symbols::container(Sym part, ClassId c, uint32_t number) {
  const SymNode &n = nodes[part];
  if (n.kind == SymKind::Field && n.b == c && n.n == number)
    return n.a;
  return make(SymKind::Container, 0, part, c, number);
}

Sym Symbols::old(Sym s) {
  return nodes[s].kind == SymKind::Old ? s : make(SymKind::Old, 0, s);
}

static bool decide(ir::Predicate p, int64_t a, int64_t b) {
  switch (p) {
  case ir::Predicate::Eq:
    return a == b;
  case ir::Predicate::Ne:
    return a != b;
  case ir::Predicate::Lt:
    return a < b;
  case ir::Predicate::Le:
    return a <= b;
  case ir::Predicate::Gt:
    return a > b;
  case ir::Predicate::Ge:
    return a >= b;
  }
  return false;
}

std::optional<bool> Symbols::decided(ir::Predicate p, Sym a, Sym b) const {
  auto number = [&](Sym s, int64_t &out) {
    if (nodes[s].kind == SymKind::Integer)
      out = static_cast<int64_t>(nodes[s].n);
    else if (nodes[s].kind == SymKind::Null)
      out = 0;
    else
      return false;
    return true;
  };
  int64_t x = 0, y = 0;
  bool haveA = number(a, x), haveB = number(b, y);
  if (haveA && haveB)
    return decide(p, x, y);
  if (a == b && nodes[a].kind != SymKind::Old)
    return decide(p, 0, 0);
  bool equality = p == ir::Predicate::Eq || p == ir::Predicate::Ne;
  if (equality && ((haveA && x == 0 && isAddress(b)) || (haveB && y == 0 && isAddress(a))))
    return p == ir::Predicate::Ne;
  return std::nullopt;
}

Sym Symbols::compare(ir::Predicate p, Sym a, Sym b) {
  if (std::optional<bool> known = decided(p, a, b))
    return integer(*known);
  if (std::max(nodes[a].depth, nodes[b].depth) + 1 > kMaxDepth)
    return tooDeep(a);
  return make(SymKind::Compare, static_cast<uint8_t>(p), a, b);
}

Sym Symbols::logicalNot(Sym s) {
  const SymNode &n = nodes[s];
  if (n.kind == SymKind::Integer)
    return integer(n.n == 0);
  if (n.kind == SymKind::Null || isAddress(s))
    return integer(n.kind == SymKind::Null);
  if (n.kind == SymKind::Not && (nodes[n.a].kind == SymKind::Compare || nodes[n.a].kind == SymKind::Not))
    return n.a;
  return make(SymKind::Not, 0, s);
}

Sym Symbols::arith(ir::Arithmetic op, Sym a, Sym b) {
  const SymNode &x = nodes[a], &y = nodes[b];
  if (x.kind == SymKind::Integer && y.kind == SymKind::Integer) {
    // In unsigned arithmetic: overflow must not end the analysis.
    uint64_t m = x.n, n = y.n;
    switch (op) {
    case ir::Arithmetic::Add:
      return integer(static_cast<int64_t>(m + n));
    case ir::Arithmetic::Sub:
      return integer(static_cast<int64_t>(m - n));
    case ir::Arithmetic::Mul:
      return integer(static_cast<int64_t>(m * n));
    case ir::Arithmetic::And:
      return integer(static_cast<int64_t>(m & n));
    case ir::Arithmetic::Or:
      return integer(static_cast<int64_t>(m | n));
    case ir::Arithmetic::Xor:
      return integer(static_cast<int64_t>(m ^ n));
    case ir::Arithmetic::Neg:
      return integer(static_cast<int64_t>(0 - m));
    default:
      break;
    }
  }
  // x + 1 + 1 is x + 2: counters of nesting depth compare.
  bool sum = op == ir::Arithmetic::Add || op == ir::Arithmetic::Sub;
  if (sum && y.kind == SymKind::Integer && x.kind == SymKind::Arith && nodes[x.b].kind == SymKind::Integer &&
      static_cast<ir::Arithmetic>(x.sub) == ir::Arithmetic::Add) {
    uint64_t total = op == ir::Arithmetic::Add ? nodes[x.b].n + y.n : nodes[x.b].n - y.n;
    return total == 0 ? x.a
                      : make(SymKind::Arith, static_cast<uint8_t>(ir::Arithmetic::Add), x.a,
                             integer(static_cast<int64_t>(total)));
  }
  if (sum && y.kind == SymKind::Integer) {
    if (y.n == 0)
      return a;
    if (op == ir::Arithmetic::Sub)
      return make(SymKind::Arith, static_cast<uint8_t>(ir::Arithmetic::Add), a,
                  integer(static_cast<int64_t>(0 - y.n)));
  }
  if (std::max(x.depth, y.depth) + 1 > kMaxDepth)
    return tooDeep(a);
  return make(SymKind::Arith, static_cast<uint8_t>(op), a, b);
}

// ---------------------------------------------------------------- questions

bool Symbols::isAddress(Sym s) const {
  switch (nodes[s].kind) {
  case SymKind::Global:
  case SymKind::Local:
  case SymKind::Alloc:
  case SymKind::Function:
  case SymKind::String:
  case SymKind::Field: // of null, too, nobody asks for the address of a member
    return true;
  case SymKind::Element:
  case SymKind::Slot:
    return isAddress(nodes[s].a);
  default:
    return false;
  }
}

bool Symbols::isConstant(Sym s) const {
  switch (nodes[s].kind) {
  case SymKind::Integer:
  case SymKind::Null:
  case SymKind::ThreadSelf:
  case SymKind::String:
  case SymKind::Function:
  case SymKind::Global:
    return true;
  default:
    return false;
  }
}

Sym Symbols::rootOf(Sym s) const {
  for (;;) {
    const SymNode &n = nodes[s];
    if (n.kind != SymKind::Field && n.kind != SymKind::Element && n.kind != SymKind::Slot)
      return s;
    s = n.a;
  }
}

bool Symbols::isLocalStorage(Sym s) const {
  return nodes[rootOf(s)].kind == SymKind::Local;
}

Sym Symbols::withoutVersions(Sym s) {
  if (s < plain.size() && plain[s] != kNoSym)
    return plain[s];
  SymNode n = nodes[s];
  Sym out;
  if (n.kind == SymKind::Load)
    out = load(withoutVersions(n.a), 0);
  else if (n.kind == SymKind::Result)
    out = s;
  else
    out = rebuild(s, [this](Sym x) { return withoutVersions(x); });
  if (plain.size() < nodes.size())
    plain.resize(nodes.size() * 2, kNoSym);
  return plain[s] = out;
}

Sym Symbols::withoutSoftness(Sym s) {
  if (isTimeless(s))
    return s;
  if (s < hard.size() && hard[s] != kNoSym)
    return hard[s];
  SymNode n = nodes[s];
  Sym out;
  if (n.kind == SymKind::Load) {
    uint32_t v = n.b;
    while (v && versions[v].soft)
      v = versions[v].previous;
    out = load(withoutSoftness(n.a), v);
  } else if (n.kind == SymKind::Result) {
    out = static_cast<Sym>(n.n) == kNoSym ? s : withoutSoftness(static_cast<Sym>(n.n));
  } else {
    out = rebuild(s, [this](Sym x) { return withoutSoftness(x); });
  }
  if (hard.size() < nodes.size())
    hard.resize(nodes.size() * 2, kNoSym);
  return hard[s] = out;
}

Sym Symbols::aged(Sym s, const Places &again) {
  SymNode n = nodes[s];
  if (!(n.sites & again.bits) || n.kind == SymKind::Old)
    return s;
  bool ofSite = n.kind == SymKind::Unknown || n.kind == SymKind::Alloc || n.kind == SymKind::Result ||
                n.kind == SymKind::FromCall;
  if (n.a == again.function &&
      ((ofSite && again.hasSite(n.b)) || (n.kind == SymKind::Phi && again.hasBlock(n.b))))
    return old(s);
  if (n.kind == SymKind::Load && n.b && versions[n.b].function == again.function) {
    uint32_t site = versions[n.b].site;
    if (site & kHeadSite ? again.hasBlock(site & ~kHeadSite) : again.hasSite(site))
      return old(s);
  }
  return rebuild(s, [&](Sym x) { return aged(x, again); });
}

Sym Symbols::anyIndex(Sym s) {
  SymNode n = nodes[s];
  if (n.kind == SymKind::Element)
    return element(n.a, kNoSym);
  return n.kind == SymKind::Field ? field(anyIndex(n.a), n.b, static_cast<uint32_t>(n.n)) : s;
}

Sym Symbols::anyElement(Sym s) {
  SymNode n = nodes[s];
  if (!n.vague || n.kind == SymKind::Old)
    return s;
  if (n.kind == SymKind::Element && static_cast<Sym>(n.n) != kNoSym && nodes[static_cast<Sym>(n.n)].vague)
    return element(anyElement(n.a), kNoSym);
  return rebuild(s, [this](Sym x) { return anyElement(x); });
}

bool Symbols::mentions(Sym s, Sym part) const {
  if (s == part)
    return true;
  const SymNode &n = nodes[s];
  switch (n.kind) {
  case SymKind::Load:
  case SymKind::Field:
  case SymKind::Slot:
  case SymKind::Container:
  case SymKind::Old:
  case SymKind::Not:
    return mentions(n.a, part);
  case SymKind::Element:
    return mentions(n.a, part) || (static_cast<Sym>(n.n) != kNoSym && mentions(static_cast<Sym>(n.n), part));
  case SymKind::Compare:
  case SymKind::Arith:
    return mentions(n.a, part) || mentions(n.b, part);
  case SymKind::Pure:
    return (n.b != kNoSym && mentions(n.b, part)) ||
           (static_cast<Sym>(n.n) != kNoSym && mentions(static_cast<Sym>(n.n), part));
  default:
    return false;
  }
}

Sym Symbols::replaced(Sym s, Sym from, Sym to) {
  if (s == from)
    return to;
  return rebuild(s, [&](Sym x) { return replaced(x, from, to); });
}

} // namespace gordian::link
