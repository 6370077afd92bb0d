// SPDX-License-Identifier: MIT
#include "source/link/callgraph/function_flow.h"

#include <algorithm>
#include <numeric>

namespace gordian::link {

constexpr uint32_t kNoCell = ~0u;
/// More targets than this are no knowledge: a registry of everything.
constexpr size_t kMaxTargets = 64;

FunctionFlow::FunctionFlow(const Program &p, const Hierarchy &h) : program(p), hierarchy(h) {
  taken.assign(p.functions().size(), false);
  layOut();
  addGlobals();
  for (FunctionId f = 0; f < p.functions().size(); ++f)
    if (p.function(f).hasBody())
      addFunction(f);
  propagate();
}

void FunctionFlow::layOut() {
  for (const FunctionEntry &e : program.functions()) {
    base.push_back(cellCount);
    cellCount += 1 + static_cast<Cell>(e.ir->params.size() + e.ir->locals.size()) + e.ir->valueCount;
  }
  for (ClassId c = 0; c < program.classCount(); ++c) {
    fieldBase.push_back(cellCount);
    cellCount += static_cast<Cell>(program.klass(c).ir->fields.size());
  }
  globalBase = cellCount;
  cellCount += static_cast<Cell>(program.globalCount());
}

FunctionFlow::Cell FunctionFlow::paramCell(FunctionId f, uint32_t n) const {
  return n < program.function(f).ir->params.size() ? base[f] + 1 + n : kNoCell;
}
FunctionFlow::Cell FunctionFlow::localCell(FunctionId f, uint32_t l) const {
  return base[f] + 1 + static_cast<Cell>(program.function(f).ir->params.size()) + l;
}
FunctionFlow::Cell FunctionFlow::valueCell(FunctionId f, uint32_t v) const {
  const ir::Function &fn = *program.function(f).ir;
  return base[f] + 1 + static_cast<Cell>(fn.params.size() + fn.locals.size()) + v;
}
FunctionFlow::Cell FunctionFlow::fieldCell(ClassId c, uint32_t number) const {
  return number < program.klass(c).ir->fields.size() ? fieldBase[c] + number : kNoCell;
}

/// The last field names the cell: objects are not told apart. A library class is filled by code that is not
/// seen (`pair::second`), so its objects are one cell each.
FunctionFlow::Cell FunctionFlow::cellOf(FunctionId f, const ir::Path &p) const {
  UnitId u = program.function(f).unit;
  for (auto it = p.proj.rbegin(); it != p.proj.rend(); ++it)
    if (it->kind == ir::ProjKind::Field)
      if (ClassId c = program.classIn(u, it->klass); !program.klass(c).ir->isSystem)
        return fieldCell(c, it->index);
  switch (p.root) {
  case ir::RootKind::Local:
    return localCell(f, p.id);
  case ir::RootKind::Global:
    return globalBase + program.globalIn(u, p.id);
  case ir::RootKind::Deref:
    return valueCell(f, p.id);
  }
  return kNoCell;
}

FunctionFlow::Cell FunctionFlow::cellOf(FunctionId f, const ir::Operand &o) const {
  if (o.kind == ir::OperandKind::Value)
    return valueCell(f, o.id);
  if (o.kind == ir::OperandKind::Param)
    return paramCell(f, o.id);
  return kNoCell;
}

void FunctionFlow::edge(Cell from, Cell to) {
  if (from != kNoCell && to != kNoCell && from != to)
    edges.push_back({from, to});
}

void FunctionFlow::source(Cell to, FunctionId target) {
  taken[target] = true;
  if (to != kNoCell)
    sources.push_back({to, target});
}

void FunctionFlow::flow(FunctionId f, const ir::Operand &from, Cell to) {
  if (from.kind == ir::OperandKind::Function)
    source(to, program.functionIn(program.function(f).unit, from.id));
  else
    edge(cellOf(f, from), to);
}

void FunctionFlow::addGlobals() {
  for (GlobalId g = 0; g < program.globalCount(); ++g) {
    const GlobalEntry &e = program.global(g);
    const std::vector<ir::Type> &types = program.unit(e.unit).types;
    for (const ir::InitEntry &entry : e.ir->init) {
      if (entry.value.kind != ir::Constant::Kind::Function)
        continue;
      Cell to = globalBase + g;
      ir::Id t = e.ir->type;
      for (uint32_t step : entry.path) {
        if (t == kNone)
          break;
        if (types[t].kind == ir::TypeKind::Array) {
          t = types[t].element;
        } else if (types[t].klass != kNone) {
          ClassId c = program.classIn(e.unit, types[t].klass);
          to = fieldCell(c, step);
          const std::vector<ir::Field> &fields = program.unit(e.unit).classes[types[t].klass].fields;
          t = step < fields.size() ? fields[step].type : kNone;
        }
      }
      source(to, program.functionIn(e.unit, entry.value.ref));
    }
  }
}

/// The class of the object at `p`, if it can be called.
ClassId FunctionFlow::closureClass(FunctionId f, const ir::Path &p) const {
  const FunctionEntry &e = program.function(f);
  if (p.root != ir::RootKind::Local || !p.proj.empty())
    return kNone;
  return program.classOfType(e.unit, e.ir->locals[p.id].type);
}

void FunctionFlow::addFunction(FunctionId f) {
  const ir::Function &fn = *program.function(f).ir;
  for (uint32_t l = 0; l < fn.locals.size(); ++l)
    if (fn.locals[l].param != kNone)
      edge(paramCell(f, fn.locals[l].param), localCell(f, l));
  for (const ir::Block &b : fn.blocks) {
    for (const ir::Inst &i : b.insts)
      addInst(f, i);
    if (b.term.kind == ir::TermKind::Return)
      flow(f, b.term.value, resultCell(f));
  }
  if (fn.resultLocal != kNone)
    edge(localCell(f, fn.resultLocal), resultCell(f));
}

void FunctionFlow::addInst(FunctionId f, const ir::Inst &i) {
  Cell result = i.result == kNone ? kNoCell : valueCell(f, i.result);
  switch (i.op) {
  case ir::Op::Load:
    return edge(cellOf(f, i.path), result);
  case ir::Op::Store:
  case ir::Op::CopyObject:
    return flow(f, i.args[0], cellOf(f, i.path));
  case ir::Op::Rmw:
    edge(cellOf(f, i.path), result);
    for (const ir::Operand &a : i.args)
      flow(f, a, cellOf(f, i.path));
    return;
  case ir::Op::AddressOf: {
    Cell place = cellOf(f, i.path);
    edge(place, result);
    edge(result, place);
    if (ClassId c = closureClass(f, i.path); c != kNone)
      if (FunctionId op = hierarchy.callOperator(c); op != kNone)
        source(result, op);
    return;
  }
  case ir::Op::Copy:
    return flow(f, i.args[0], result);
  case ir::Op::Call:
    return addCall(f, i);
  default:
    return;
  }
}

bool FunctionFlow::isReference(const FunctionEntry &e) const {
  ir::Id t = e.ir->returnType;
  return t != kNone && program.unit(e.unit).types[t].kind == ir::TypeKind::Reference;
}

void FunctionFlow::addCall(FunctionId f, const ir::Inst &i) {
  UnitId u = program.function(f).unit;
  Cell result = i.result == kNone ? kNoCell : valueCell(f, i.result);
  Cell into = i.hasInto ? cellOf(f, i.path) : kNoCell;
  if (i.call == ir::CallKind::Indirect) {
    for (const ir::Operand &a : i.args)
      flow(f, a, kNoCell);
    return;
  }
  FunctionId callee = program.functionIn(u, i.function);
  if (const Row *row = program.function(callee).row) {
    auto argument = [&](int n) {
      return n >= 0 && static_cast<size_t>(n) < i.args.size() ? cellOf(f, i.args[n]) : kNoCell;
    };
    switch (row->effect) {
    case Effect::KeepCallable:
      if (static_cast<size_t>(row->other) < i.args.size())
        flow(f, i.args[row->other], argument(row->object));
      return;
    case Effect::BindCallable:
      for (const ir::Operand &a : i.args) {
        flow(f, a, into);
        flow(f, a, result);
      }
      return;
    case Effect::SwapValues:
      edge(argument(row->object), argument(row->other));
      edge(argument(row->other), argument(row->object));
      return;
    case Effect::PassThrough:
    case Effect::Element:
    case Effect::OwnerGet:
    case Effect::AtomicLoad:
      return edge(argument(row->object), result);
    case Effect::AtomicStore:
    case Effect::OwnerSet:
    case Effect::OwnerMove:
      if (row->other >= 0 && static_cast<size_t>(row->other) < i.args.size())
        flow(f, i.args[row->other], argument(row->object));
      return;
    default:
      break;
    }
    for (const ir::Operand &a : i.args)
      flow(f, a, kNoCell);
    return;
  }
  std::vector<FunctionId> one = {callee};
  const std::vector<FunctionId> &targets = i.call == ir::CallKind::Virtual ? hierarchy.targets(callee) : one;
  for (FunctionId t : targets) {
    const ir::Function &target = *program.function(t).ir;
    for (uint32_t n = 0; n < i.args.size(); ++n)
      flow(f, i.args[n], n < target.params.size() ? paramCell(t, n) : kNoCell);
    edge(resultCell(t), result);
    edge(resultCell(t), into);
  }
  // Copies of callable objects, and what a container was given: the object holds what the arguments hold.
  const FunctionEntry &e = program.function(callee);
  if (!e.hasBody() && !i.args.empty() && e.klass != kNone)
    for (size_t n = 1; n < i.args.size(); ++n)
      flow(f, i.args[n], cellOf(f, i.args[0]));
  // And what comes out of it is one of these; as is what a function of the library picks (std::get).
  if (!e.hasBody() && !i.args.empty() && (e.klass != kNone || e.ir->isSystem)) {
    edge(cellOf(f, i.args[0]), result);
    if (e.klass != kNone && isReference(e))
      edge(result, cellOf(f, i.args[0])); // `handlers[name] = ...`
    edge(cellOf(f, i.args[0]), into);
  }
}

/// Cells that hold too many: what flows from a registry of everything is everything.
std::vector<bool> FunctionFlow::floodFull(const std::vector<uint32_t> &first) const {
  std::vector<bool> full(cellCount, false);
  std::vector<Cell> work;
  for (size_t n = 0; n + kMaxTargets <= sources.size(); ++n)
    if (sources[n].first == sources[n + kMaxTargets - 1].first)
      work.push_back(sources[n].first);
  while (!work.empty()) {
    Cell cell = work.back();
    work.pop_back();
    if (full[cell])
      continue;
    full[cell] = true;
    for (uint32_t e = first[cell]; e < first[cell + 1]; ++e)
      work.push_back(edges[e].second);
  }
  return full;
}

void FunctionFlow::propagate() {
  for (auto *list : {&edges, &sources}) {
    std::sort(list->begin(), list->end());
    list->erase(std::unique(list->begin(), list->end()), list->end());
  }
  std::vector<uint32_t> first(cellCount + 1, 0); // by cell: its first edge
  for (const auto &[from, to] : edges)
    ++first[from + 1];
  std::partial_sum(first.begin(), first.end(), first.begin());
  std::vector<bool> full = floodFull(first);
  std::vector<std::pair<Cell, FunctionId>> work = std::move(sources);
  while (!work.empty()) {
    auto [cell, target] = work.back();
    work.pop_back();
    if (full[cell])
      continue;
    std::vector<FunctionId> &set = sets[cell];
    auto at = std::lower_bound(set.begin(), set.end(), target);
    if ((at != set.end() && *at == target) || set.size() >= kMaxTargets)
      continue;
    set.insert(at, target);
    for (uint32_t e = first[cell]; e < first[cell + 1]; ++e)
      work.push_back({edges[e].second, target});
  }
  edges = {};
  sources = {};
}

const std::vector<FunctionId> &FunctionFlow::targets(FunctionId f, const ir::Operand &o) const {
  static const std::vector<FunctionId> none;
  Cell cell = cellOf(f, o);
  auto it = cell == kNoCell ? sets.end() : sets.find(cell);
  return it == sets.end() || it->second.size() >= kMaxTargets ? none : it->second;
}

} // namespace gordian::link
