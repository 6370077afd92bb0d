// SPDX-License-Identifier: MIT
#include "source/link/facts/pointer_calls.h"

#include <algorithm>
#include <map>

namespace gordian::link {

bool PointerCalls::meansSeveral(const std::set<FunctionId> &targets) const {
  for (auto a = targets.begin(); a != targets.end(); ++a)
    for (auto b = std::next(a); b != targets.end(); ++b)
      if (Programs::share(programs.of(*a), programs.of(*b)))
        return true;
  return false;
}

std::vector<uint32_t> PointerCalls::sitesOf(FunctionId f) const {
  std::map<uint32_t, std::set<FunctionId>> entered;
  for (const CallEvent &e : context.events[f].calls)
    entered[e.site].insert(e.targets.begin(), e.targets.end());
  std::vector<uint32_t> out;
  uint32_t site = 0;
  for (const ir::Block &b : context.program.function(f).ir->blocks) {
    for (const ir::Inst &i : b.insts) {
      auto it = entered.find(site);
      if (i.op == ir::Op::Call && i.call == ir::CallKind::Indirect && it != entered.end() &&
          meansSeveral(it->second))
        out.push_back(site);
      ++site;
    }
    ++site; // the block's end
  }
  return out;
}

bool PointerCalls::isOne(FunctionId f, uint32_t site) const {
  if (!sites[f])
    sites[f] = sitesOf(f);
  return std::binary_search(sites[f]->begin(), sites[f]->end(), site);
}

bool PointerCalls::onWay(WitnessId witness) const {
  for (WitnessId w = witness; w != kNone; w = context.witnesses[w].inner)
    if (isOne(context.witnesses[w].function, context.witnesses[w].site))
      return true;
  return false;
}

bool PointerCalls::among(const std::vector<std::pair<FunctionId, uint32_t>> &calls) const {
  return std::any_of(calls.begin(), calls.end(), [&](const auto &c) { return isOne(c.first, c.second); });
}

} // namespace gordian::link
