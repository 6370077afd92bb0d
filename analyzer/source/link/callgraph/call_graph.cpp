// SPDX-License-Identifier: MIT
//
// Components by Tarjan's algorithm (SIAM J. Comput. 1972), with a stack of its own: call chains are deep.
#include "source/link/callgraph/call_graph.h"
#include "source/link/callgraph/lock_methods.h"

#include <algorithm>

namespace gordian::link {

CallGraph::CallGraph(const Program &p, const Hierarchy &h, const FunctionFlow &fl)
    : program(p), hierarchy(h), flow(fl), out(p.functions().size()), recursive(p.functions().size(), false) {
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

void CallGraph::findComponents() {
  size_t n = out.size();
  std::vector<uint32_t> index(n, kNone), low(n, 0);
  std::vector<bool> onStack(n, false);
  std::vector<FunctionId> stack;
  std::vector<std::pair<FunctionId, size_t>> frames;
  uint32_t counter = 0;
  auto open = [&](FunctionId f) {
    index[f] = low[f] = counter++;
    stack.push_back(f);
    onStack[f] = true;
    frames.push_back({f, 0});
  };
  for (FunctionId start = 0; start < n; ++start) {
    if (index[start] != kNone || !program.function(start).hasBody())
      continue;
    open(start);
    while (!frames.empty()) {
      auto &[f, next] = frames.back();
      if (next < out[f].size()) {
        FunctionId to = out[f][next++];
        if (index[to] == kNone)
          open(to);
        else if (onStack[to])
          low[f] = std::min(low[f], index[to]);
        continue;
      }
      FunctionId done = f;
      frames.pop_back();
      if (!frames.empty())
        low[frames.back().first] = std::min(low[frames.back().first], low[done]);
      if (low[done] != index[done])
        continue;
      std::vector<FunctionId> part;
      for (FunctionId member = kNone; member != done;) {
        member = stack.back();
        stack.pop_back();
        onStack[member] = false;
        part.push_back(member);
      }
      std::sort(part.begin(), part.end());
      bool loops = part.size() > 1 || std::binary_search(out[done].begin(), out[done].end(), done);
      for (FunctionId member : part)
        recursive[member] = loops;
      parts.push_back(std::move(part));
    }
  }
}

} // namespace gordian::link
