// SPDX-License-Identifier: MIT
//
// Who calls whom, before any analysis of values: enough for the order in which functions are summarised,
// callees first.
#ifndef GORDIAN_SOURCE_LINK_CALLGRAPH_CALL_GRAPH_H
#define GORDIAN_SOURCE_LINK_CALLGRAPH_CALL_GRAPH_H

#include "source/link/callgraph/function_flow.h"

namespace gordian::link {

/// The functions that a call instruction of `f` may enter here and now: its callee, or what a library
/// function calls back. `exact` where there is no doubt.
struct CallTargets {
  std::vector<FunctionId> functions;
  bool exact = false;
};

class CallGraph {
public:
  CallGraph(const Program &program, const Hierarchy &hierarchy, const FunctionFlow &flow);

  CallTargets targetsOf(FunctionId f, const ir::Inst &call) const;
  /// Strongly connected components, callees before callers.
  const std::vector<std::vector<FunctionId>> &components() const { return parts; }
  bool isRecursive(FunctionId f) const { return circle[f] != 0; }
  /// Whether so many functions call each other in a circle with `f` that each is looked at less closely.
  bool isInCrowd(FunctionId f) const;
  const std::vector<FunctionId> &callees(FunctionId f) const { return out[f]; }

private:
  void findComponents();

  const Program &program;
  const Hierarchy &hierarchy;
  const FunctionFlow &flow;
  std::vector<std::vector<FunctionId>> out;
  std::vector<std::vector<FunctionId>> parts;
  std::vector<size_t> circle; // by function: how many call each other with it, 0: it is not recursive
};

} // namespace gordian::link

#endif
