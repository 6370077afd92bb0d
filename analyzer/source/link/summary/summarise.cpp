// SPDX-License-Identifier: MIT
//
// A function matters if it, or something that it calls, touches a lock, a guard, a condition or a thread:
// only such functions are followed along several paths. A recursive component is repeated until its summaries
// are stable, three times at most: what a fourth round would find is one more level of recursion.
#include "source/link/summary/summarise.h"
#include "source/link/summary/function_analysis.h"

#include <algorithm>
#include <map>

namespace gordian::link {

constexpr unsigned kMaxRounds = 3;

static bool isLockEffect(Effect e) {
  return e <= Effect::ThreadSwap;
}

/// By function: whether it matters.
static std::vector<bool> findMattering(const Context &c) {
  std::vector<bool> matters(c.program.functions().size(), false);
  for (const std::vector<FunctionId> &part : c.graph.components()) {
    bool any = false;
    for (FunctionId f : part) {
      const FunctionEntry &e = c.program.function(f);
      for (const ir::Block &b : e.ir->blocks)
        for (const ir::Inst &i : b.insts) {
          if (i.op != ir::Op::Call)
            continue;
          if (i.call == ir::CallKind::Indirect) {
            any = true;
          } else if (const Row *row = c.program.function(c.program.functionIn(e.unit, i.function)).row) {
            any = any || isLockEffect(row->effect);
          } else {
            const FunctionEntry &callee = c.program.function(c.program.functionIn(e.unit, i.function));
            any = any || (!callee.hasBody() && !callee.ir->attributes.empty());
          }
        }
      for (FunctionId callee : c.graph.callees(f))
        any = any || matters[callee];
    }
    for (FunctionId f : part)
      matters[f] = any;
  }
  return matters;
}

/// In rounds, until the summaries are stable. A member is looked at again only if something of what it calls
/// came out otherwise since.
static void summariseTogether(Context &c, const std::vector<FunctionId> &part,
                              const std::vector<bool> &matters) {
  using Outcome = FunctionAnalysis::Outcome;
  unsigned turn = 0;
  std::map<FunctionId, unsigned> looked, differed; // by member: the last turn
  auto isStale = [&](FunctionId f) {
    if (!looked.count(f))
      return true;
    const std::vector<FunctionId> &callees = c.graph.callees(f);
    return std::any_of(callees.begin(), callees.end(), [&](FunctionId callee) {
      auto at = differed.find(callee);
      return at != differed.end() && at->second >= looked[f];
    });
  };
  bool changed = true;
  for (unsigned round = 0; changed && round < kMaxRounds; ++round) {
    changed = false;
    for (FunctionId f : part) {
      if (!isStale(f))
        continue;
      looked[f] = ++turn;
      Outcome outcome = FunctionAnalysis(c, f, matters[f]).run();
      if (outcome != Outcome::Same)
        differed[f] = turn;
      changed = changed || outcome == Outcome::Changed;
    }
  }
}

void summariseAll(Context &c) {
  std::vector<bool> matters = findMattering(c);
  for (const std::vector<FunctionId> &part : c.graph.components()) {
    for (FunctionId f : part)
      c.summaries[f].known = true;
    if (c.graph.isRecursive(part[0]))
      summariseTogether(c, part, matters);
    else
      FunctionAnalysis(c, part[0], matters[part[0]]).run();
  }
}

} // namespace gordian::link
