// SPDX-License-Identifier: MIT
#include "predict/contexts.h"

namespace gordian::predict {

bool Contexts::init() {
  nodes_ = reserveArray<Node>(kNodes);
  slots_ = reserveArray<std::atomic<Context>>(kSlots);
  return nodes_ && slots_;
}

Context Contexts::at(Context caller, uintptr_t pc) {
  uint64_t hash = (uint64_t(pc) ^ uint64_t(caller) << 40) * 0x9e3779b97f4a7c15u;
  Context fresh = 0;
  for (uint32_t slot = uint32_t(hash >> 43);; slot++) {
    std::atomic<Context> &place = slots_[slot & (kSlots - 1)];
    Context there = place.load(std::memory_order_acquire);
    if (there == 0) {
      if (fresh == 0)
        fresh = used_.fetch_add(1, std::memory_order_relaxed) + 1;
      if (fresh >= kNodes)
        return 0;
      nodes_[fresh] = {pc, caller};
      if (place.compare_exchange_strong(there, fresh, std::memory_order_acq_rel))
        return fresh;
    }
    if (nodes_[there].pc == pc && nodes_[there].caller == caller)
      return there;
  }
}

Context CallStack::context(Contexts &contexts, uintptr_t pc) {
  const uint32_t depth = depth_ < kDeepest ? depth_ : kDeepest;
  uint32_t known = depth; // the calls below have their contexts
  while (known > 0 && calls_[known - 1].context == 0)
    known--;
  Context caller = known > 0 ? calls_[known - 1].context : 0;
  for (; known < depth; known++)
    caller = calls_[known].context = contexts.at(caller, calls_[known].pc);
  return contexts.at(caller, pc);
}

} // namespace gordian::predict
