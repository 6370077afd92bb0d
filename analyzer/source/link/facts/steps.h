// SPDX-License-Identifier: MIT
//
// Witnesses as steps for people: each call on the way is a frame, and the place that is shown is the
// innermost one that is neither in system code nor in a wrapper whose business the operation is (my_lock, a
// guard class's constructor).
#ifndef GORDIAN_SOURCE_LINK_FACTS_STEPS_H
#define GORDIAN_SOURCE_LINK_FACTS_STEPS_H

#include "finding/finding.h"
#include "source/link/summary/context.h"

namespace gordian::link {

class Steps {
public:
  explicit Steps(const Context &c) : context(c), blockStarts(c.program.functions().size()) {}

  Step make(StepKind kind, int subject, Mode mode, WitnessId witness) const;
  /// A step without calls.
  /// Below the step's own frames: the calls that lead to them.
  void addCallers(Step &s, const std::vector<std::pair<FunctionId, uint32_t>> &calls) const;
  Step at(StepKind kind, int subject, Mode mode, FunctionId f, uint32_t site) const;
  Location locationOf(FunctionId f, uint32_t site) const;
  /// Where the variable is made whose end is what the innermost function of its own does there; empty: it is
  /// something else.
  std::vector<Step> guardOf(WitnessId witness) const;
  const std::string &functionName(FunctionId f) const { return context.program.function(f).ir->name; }
  /// Leaves a lock held for its callers, or releases one for them.
  bool isWrapper(FunctionId f) const;

private:
  /// Block and instruction; the number of blocks for the place before the first.
  std::pair<size_t, size_t> placeOf(FunctionId f, uint32_t site) const;

  const Context &context;
  mutable std::vector<std::vector<uint32_t>> blockStarts; // by function, made when asked for
};

} // namespace gordian::link

#endif
