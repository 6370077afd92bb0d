// SPDX-License-Identifier: MIT
#include "source/link/callgraph/call_graph.h"
#include "source/link/callgraph/components.h"
#include "source/link/callgraph/lock_methods.h"

#include <algorithm>

namespace gordian::link {

CallGraph::CallGraph(const Program &p, const Hierarchy &h, const FunctionFlow &fl)
    : program(p), hierarchy(h), flow(fl), out(p.functions().size()), circle(p.functions().size(), 0) {
  for (FunctionId f = 0; f < out.size(); ++f) {
    if (!p.function(f).hasBody())
      continue;
    for (const ir::Block &b : p.function(f).ir->blocks)
      for (const ir::Inst &i : b.insts)
        if (i.op == ir::Op::Call)
          for (FunctionId t : targetsOf(f, i).functions)
            if (p.function(t).hasBody())
              out[f].push_back(t);
    std::sort(out[f].begin(), out[f].end());
    out[f].erase(std::unique(out[f].begin(), out[f].end()), out[f].end());
  }
  findComponents();
}

CallTargets CallGraph::targetsOf(FunctionId f, const ir::Inst &call) const {
  if (call.call == ir::CallKind::Indirect) {
    if (call.callee.kind == ir::OperandKind::Function)
      return {{program.functionIn(program.function(f).unit, call.callee.id)}, true};
    return {flow.targets(f, call.callee), false};
  }
  FunctionId callee = program.functionIn(program.function(f).unit, call.function);
  if (const Row *row = program.function(callee).row) {
    int n =
        row->effect == Effect::Invoke || row->effect == Effect::Once || row->effect == Effect::ConditionWait
            ? row->callee
        : row->effect == Effect::CallObject ? row->object
                                            : kNoArgument;
    if (n < 0 || static_cast<size_t>(n) >= call.args.size())
      return {guardCallees(program, hierarchy, callee, *row), true};
    const ir::Operand &o = call.args[n];
    if (o.kind == ir::OperandKind::Function)
      return {{program.functionIn(program.function(f).unit, o.id)}, true};
    return {flow.targets(f, o), false};
  }
  if (call.call == ir::CallKind::Virtual)
    return {hierarchy.targets(callee), false};
  return {{callee}, true};
}

bool CallGraph::isInCrowd(FunctionId f) const {
  constexpr size_t kCrowd = 100;
  return circle[f] > kCrowd;
}

void CallGraph::findComponents() {
  parts = componentsOf(out.size(), [&](FunctionId f) -> const auto & { return out[f]; });
  std::erase_if(parts, [&](const auto &part) { return !program.function(part[0]).hasBody(); });
  for (const std::vector<FunctionId> &part : parts) {
    bool loops = part.size() > 1 || std::binary_search(out[part[0]].begin(), out[part[0]].end(), part[0]);
    for (FunctionId member : part)
      circle[member] = loops ? part.size() : 0;
  }
}

} // namespace gordian::link
