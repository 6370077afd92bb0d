// SPDX-License-Identifier: MIT
//
// Calls through a function pointer that may mean several functions of one program. A way that leads through
// one is a way only if the pointer holds this function just here, which nothing shows: what is found at its
// end ranks lower. So it is with a virtual call of what an object wraps. Other virtual calls are not counted:
// an object's class is seldom decided by what happened before.
#ifndef GORDIAN_SOURCE_LINK_FACTS_POINTER_CALLS_H
#define GORDIAN_SOURCE_LINK_FACTS_POINTER_CALLS_H

#include "source/link/facts/programs.h"
#include "source/link/summary/context.h"

#include <optional>
#include <set>

namespace gordian::link {

class PointerCalls {
public:
  PointerCalls(const Context &c, const Programs &p)
      : context(c), programs(p), sites(c.program.functions().size()) {}

  /// Whether the way that the witness shows leads through one.
  bool onWay(WitnessId witness) const;
  bool among(const CallPath &calls) const;
  bool isOne(FunctionId f, uint32_t site) const;
  /// Whether the way leads from one object through a virtual call to another one of its kind, which may be of
  /// many classes: what is wrapped, or a part, is mostly of another class than the way needs. So is the
  /// object behind a virtual call where the way comes to a method again that it has left.
  bool onVirtualWay(WitnessId witness) const;
  bool amongVirtual(const CallPath &calls) const;

private:
  struct Sites {
    std::vector<uint32_t> pointers, virtuals, ofMany; // sorted; virtual calls: of what is wrapped, all
  };
  const Sites &sitesOf(FunctionId f) const;
  bool isVirtual(FunctionId f, uint32_t site) const;
  bool meansSeveral(const std::set<FunctionId> &targets) const;

  const Context &context;
  const Programs &programs;
  mutable std::vector<std::optional<Sites>> sites; // by function, made when asked for
};

} // namespace gordian::link

#endif
