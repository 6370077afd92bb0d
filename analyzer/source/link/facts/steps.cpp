// SPDX-License-Identifier: MIT
#include "source/link/facts/steps.h"

#include <algorithm>

namespace gordian::link {

std::pair<size_t, size_t> Steps::placeOf(FunctionId f, uint32_t site) const {
  std::vector<uint32_t> &starts = blockStarts[f];
  if (starts.empty())
    for (uint32_t start = 0; const ir::Block &b : context.program.function(f).ir->blocks) {
      starts.push_back(start);
      start += static_cast<uint32_t>(b.insts.size()) + 1;
    }
  auto next = std::upper_bound(starts.begin(), starts.end(), site);
  if (next == starts.begin())
    return {starts.size(), 0};
  size_t block = static_cast<size_t>(next - starts.begin()) - 1;
  return {block, site - starts[block]};
}

Location Steps::locationOf(FunctionId f, uint32_t site) const {
  const FunctionEntry &e = context.program.function(f);
  auto [block, inside] = placeOf(f, site);
  if (block >= e.ir->blocks.size())
    return context.program.location(e.unit, e.ir->loc);
  const ir::Block &b = e.ir->blocks[block];
  if (inside < b.insts.size())
    return context.program.location(e.unit, b.insts[inside].loc);
  Location at = context.program.location(e.unit, inside == b.insts.size() ? b.term.loc : ir::Loc{});
  return at.known() ? at : context.program.location(e.unit, e.ir->loc);
}

std::vector<Step> Steps::guardOf(WitnessId witness) const {
  const WitnessNode *at = nullptr;
  for (WitnessId w = witness; w != kNone; w = context.witnesses[w].inner)
    if (const WitnessNode &n = context.witnesses[w];
        !at || !context.program.function(n.function).ir->isSystem)
      at = &n;
  if (!at)
    return {};
  const FunctionEntry &e = context.program.function(at->function);
  auto [block, inside] = placeOf(at->function, at->site);
  if (block >= e.ir->blocks.size() || inside >= e.ir->blocks[block].insts.size())
    return {};
  const ir::Inst &end = e.ir->blocks[block].insts[inside];
  if (!end.implicit || end.args.empty() || end.args[0].kind != ir::OperandKind::Value)
    return {};
  for (const ir::Block &b : e.ir->blocks)
    for (const ir::Inst &i : b.insts)
      if (i.op == ir::Op::AddressOf && i.result == end.args[0].id && i.path.root == ir::RootKind::Local) {
        Step s;
        s.kind = StepKind::Release;
        s.location = context.program.location(e.unit, e.ir->locals[i.path.id].loc);
        s.function = functionName(at->function);
        s.stack.push_back({s.function, s.location, {}, 0});
        return {std::move(s)};
      }
  return {};
}

bool Steps::isWrapper(FunctionId f) const {
  for (const Exit &e : context.summaries[f].exits)
    for (const LockDelta &d : e.locks)
      if (d.heldBefore != d.heldAfter)
        return true;
  return false;
}

Step Steps::make(StepKind kind, int subject, Mode mode, WitnessId witness) const {
  Step s;
  s.kind = kind;
  s.subject = subject;
  s.mode = mode;
  if (witness == kNone)
    return s;
  std::vector<FunctionId> functions;
  for (WitnessId w = witness; w != kNone; w = context.witnesses[w].inner) {
    const WitnessNode &n = context.witnesses[w];
    s.stack.push_back({functionName(n.function), locationOf(n.function, n.site), {}, 0});
    functions.push_back(n.function);
  }
  size_t shown = functions.size() - 1;
  while (shown > 0 && (context.program.function(functions[shown]).ir->isSystem ||
                       isWrapper(functions[shown]) || !s.stack[shown].location.known()))
    --shown;
  s.location = s.stack[shown].location;
  s.function = s.stack[shown].function;
  std::reverse(s.stack.begin(), s.stack.end());
  return s;
}

void Steps::addCallers(Step &s, const std::vector<std::pair<FunctionId, uint32_t>> &calls) const {
  for (auto c = calls.rbegin(); c != calls.rend(); ++c)
    s.stack.push_back({functionName(c->first), locationOf(c->first, c->second), {}, 0});
}

Step Steps::at(StepKind kind, int subject, Mode mode, FunctionId f, uint32_t site) const {
  Step s;
  s.kind = kind;
  s.subject = subject;
  s.mode = mode;
  s.location = locationOf(f, site);
  s.function = functionName(f);
  s.stack.push_back({s.function, s.location, {}, 0});
  return s;
}

} // namespace gordian::link
