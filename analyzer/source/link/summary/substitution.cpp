// SPDX-License-Identifier: MIT
#include "source/link/summary/substitution.h"
#include "source/link/summary/comparisons.h"

namespace gordian::link {

Sym Substitution::operator()(Sym s) {
  if (s == kNoSym || context.syms.isConstant(s))
    return s;
  if (Sym known = done.find(s); known != kNoSym)
    return known;
  Sym mapped = carry(s);
  done.put(s, mapped);
  return mapped;
}

Sym Substitution::carry(Sym s) {
  Symbols &syms = context.syms;
  const SymNode n = syms.node(s);
  switch (n.kind) {
  case SymKind::Param:
    return n.a < args.size() && args[n.a] != kNoSym ? args[n.a] : syms.fromCall(frame.id, site, s);
  case SymKind::Local:
    if (n.a == callee && into != kNoSym && n.b == context.program.function(callee).ir->resultLocal)
      return into;
    return n.a == frame.id ? syms.fromCall(frame.id, site, s) : s;
  case SymKind::Load: {
    Sym address = (*this)(n.a);
    if (n.b == 0)
      return memory.read(state, address);
    return syms.load(address, syms.version({frame.id, site, false, 0}));
  }
  case SymKind::Result:
    // What a comparison gives depends on nothing but what it compares.
    if (Sym call = static_cast<Sym>(n.n);
        call != kNoSym && comparisonBy(*context.program.function(syms.node(call).a).ir) != Comparison::None)
      return syms.result(frame.id, site, (*this)(call));
    return syms.fromCall(frame.id, site, s);
  case SymKind::Unknown:
  case SymKind::Alloc:
  case SymKind::Phi:
  case SymKind::FromCall:
    return syms.fromCall(frame.id, site, s);
  default:
    return syms.rebuild(s, [this](Sym x) { return (*this)(x); });
  }
}

} // namespace gordian::link
