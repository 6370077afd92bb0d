// SPDX-License-Identifier: MIT
//
// Carries symbols of a callee into its caller's frame, at one call: parameters become arguments, memory at
// the callee's entry becomes the caller's memory at the call, the callee's result object becomes the
// caller's. What has no name in the caller (results of inner calls, joins) becomes "that symbol, of this
// call" (FromCall): equal at one call, of unknown relation between calls.
#ifndef GORDIAN_SOURCE_LINK_SUMMARY_SUBSTITUTION_H
#define GORDIAN_SOURCE_LINK_SUMMARY_SUBSTITUTION_H

#include "source/link/summary/memory.h"

#include <algorithm>
#include <vector>

namespace gordian::link {

/// A few symbols and what they become, in one piece of memory: one is made for each call that is looked at.
class SymbolMap {
public:
  /// kNoSym: not known.
  Sym find(Sym s) const { return slots.empty() ? kNoSym : slots[at(s)].second; }
  void put(Sym s, Sym becomes) {
    if (2 * ++count > slots.size())
      grow();
    slots[at(s)] = {s, becomes};
  }

private:
  size_t at(Sym s) const {
    size_t mask = slots.size() - 1, n = s * 0x9e3779b1u & mask;
    while (slots[n].first != s && slots[n].first != kNoSym)
      n = (n + 1) & mask;
    return n;
  }
  void grow() {
    std::vector<std::pair<Sym, Sym>> old(std::max<size_t>(16, 2 * slots.size()), {kNoSym, kNoSym});
    old.swap(slots);
    for (const auto &[s, becomes] : old)
      if (s != kNoSym)
        slots[at(s)] = {s, becomes};
  }

  std::vector<std::pair<Sym, Sym>> slots; // open addressing, power of two
  size_t count = 0;
};

class Substitution {
public:
  /// `callee` is called at `callSite` with `actuals`; its result object is at `result` (kNoSym: none).
  Substitution(Context &c, const Frame &caller, const State &before, FunctionId function,
               const std::vector<Sym> &actuals, Sym result, uint32_t callSite)
      : context(c), frame(caller), memory(c, caller), state(before), callee(function), args(actuals),
        into(result), site(callSite) {}

  Sym operator()(Sym s);
  Atom operator()(const Atom &a) { return {(*this)(a.left), a.predicate, (*this)(a.right)}; }

private:
  Sym carry(Sym s);

  Context &context;
  const Frame &frame;
  Memory memory;
  const State &state;
  FunctionId callee;
  const std::vector<Sym> &args;
  Sym into;
  uint32_t site;
  SymbolMap done;
};

} // namespace gordian::link

#endif
