// SPDX-License-Identifier: MIT
//
// Carries symbols of a callee into its caller's frame, at one call: parameters become arguments, memory at
// the callee's entry becomes the caller's memory at the call, the callee's result object becomes the
// caller's. What has no name in the caller (results of inner calls, joins) becomes "that symbol, of this
// call" (FromCall): equal at one call, of unknown relation between calls.
#ifndef GORDIAN_SOURCE_LINK_SUMMARY_SUBSTITUTION_H
#define GORDIAN_SOURCE_LINK_SUMMARY_SUBSTITUTION_H

#include "source/link/summary/memory.h"

#include <unordered_map>

namespace gordian::link {

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
  std::unordered_map<Sym, Sym> done;
};

} // namespace gordian::link

#endif
