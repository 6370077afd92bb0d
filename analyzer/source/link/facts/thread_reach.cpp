// SPDX-License-Identifier: MIT
#include "source/link/facts/thread_reach.h"

namespace gordian::link {

constexpr unsigned kNearCalls = 3;

ThreadReach::ThreadReach(const Context &c, const Contexts &all, const PointerCalls &pointers)
    : near(c.program.functions().size()) {
  std::vector<FunctionId> level, next;
  auto enter = [&](std::vector<FunctionId> &into, FunctionId f) {
    if (!near[f]) {
      near[f] = true;
      into.push_back(f);
    }
  };
  for (const Root &r : all.roots())
    if (r.kind == Root::Kind::Thread)
      enter(level, r.function);
  for (unsigned calls = 0; calls < kNearCalls; ++calls, level.swap(next)) {
    next.clear();
    for (FunctionId f : level)
      for (const CallEvent &e : c.events[f].calls)
        if (calls == 0 || !pointers.isOne(f, e.site))
          for (FunctionId t : e.targets)
            enter(next, t);
  }
}

} // namespace gordian::link
