// SPDX-License-Identifier: MIT
#include "source/link/summary/comparisons.h"

#include <algorithm>
#include <string_view>

namespace gordian::link {

using ir::Predicate;

Comparison comparisonBy(const ir::Function &f) {
  static constexpr std::pair<std::string_view, Comparison> names[] = {
      {"operator<", Comparison::Less},       {"operator<=", Comparison::Less},
      {"operator>", Comparison::Greater},    {"operator>=", Comparison::Greater},
      {"operator<=>", Comparison::ThreeWay}, {"compare", Comparison::ThreeWay},
      {"strcmp", Comparison::ThreeWay},      {"strncmp", Comparison::ThreeWay},
      {"strcasecmp", Comparison::ThreeWay},  {"strncasecmp", Comparison::ThreeWay},
      {"strcoll", Comparison::ThreeWay},     {"memcmp", Comparison::ThreeWay},
      {"uuid_compare", Comparison::ThreeWay}};
  std::string_view last = f.pattern;
  if (size_t at = last.rfind("::"); at != std::string_view::npos)
    last.remove_prefix(at + 2);
  for (const auto &[name, how] : names)
    if (last == name)
      return how;
  return Comparison::None;
}

bool packsKeys(const ir::Function &f) {
  static constexpr std::string_view names[] = {"std::tie", "std::make_tuple", "std::forward_as_tuple"};
  return std::find(std::begin(names), std::end(names), f.pattern) != std::end(names);
}

/// The first two arguments of a call whose result is `s`, and how they are compared.
static Comparison comparedIn(const Program &program, const Symbols &syms, Sym s, Sym &x, Sym &y) {
  if (syms.kind(s) != SymKind::Result || static_cast<Sym>(syms.node(s).n) == kNoSym)
    return Comparison::None;
  const SymNode &call = syms.node(static_cast<Sym>(syms.node(s).n));
  Comparison how = comparisonBy(*program.function(call.a).ir);
  unsigned count = 0;
  for (Sym cell = call.b; cell != kNoSym; cell = syms.node(cell).b, ++count) {
    y = x;
    x = static_cast<Sym>(syms.node(cell).n);
  }
  // strncmp and alike take a length besides: the cells come last first, so that x and y are the first two.
  return count >= 2 ? how : Comparison::None;
}

std::optional<std::pair<Sym, Sym>> keysInOrder(const Program &program, const Symbols &syms, const Atom &a) {
  if (a.predicate == Predicate::Lt || a.predicate == Predicate::Le)
    if (!syms.isConstant(a.right))
      return std::pair(a.left, a.right);
  const SymNode &right = syms.node(a.right);
  if ((right.kind != SymKind::Integer || right.n != 0) && right.kind != SymKind::Null)
    return std::nullopt;
  Sym x = kNoSym, y = kNoSym;
  Comparison how = comparedIn(program, syms, a.left, x, y);
  bool up = false, down = false;
  if (how == Comparison::ThreeWay) {
    up = a.predicate == Predicate::Lt || a.predicate == Predicate::Le;
    down = a.predicate == Predicate::Gt || a.predicate == Predicate::Ge;
  } else if (how != Comparison::None) {
    up = a.predicate == (how == Comparison::Less ? Predicate::Ne : Predicate::Eq);
    down = a.predicate == (how == Comparison::Less ? Predicate::Eq : Predicate::Ne);
    // `x < y` of C++20 is `(x <=> y) < 0`.
    Sym p = kNoSym, q = kNoSym;
    if (comparedIn(program, syms, x, p, q) == Comparison::ThreeWay) {
      x = p;
      y = q;
    }
  }
  if (!up && !down)
    return std::nullopt;
  return up ? std::pair(x, y) : std::pair(y, x);
}

} // namespace gordian::link
