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

static bool isA(const Program &p, ClassId c, ClassId base) {
  const std::vector<ClassId> &bases = p.klass(c).bases;
  return c == base || std::any_of(bases.begin(), bases.end(), [&](ClassId b) { return isA(p, b, base); });
}

/// Whether a method calls one of another object of its own kind: of what it wraps, or of a part.
static bool isOfWrapped(const Program &p, const FunctionEntry &caller, const ir::Inst &call) {
  const FunctionEntry &method = p.function(p.functionIn(caller.unit, call.function));
  if (caller.klass == kNone || method.klass == kNone || call.args.empty() ||
      !isA(p, caller.klass, method.klass))
    return false;
  const ir::Operand &object = call.args[0];
  if (object.kind != ir::OperandKind::Value)
    return false;
  for (const ir::Block &b : caller.ir->blocks)
    for (const ir::Inst &i : b.insts)
      if (i.result == object.id)
        return i.op != ir::Op::Load || i.path.root != ir::RootKind::Local || !i.path.proj.empty() ||
               caller.ir->locals[i.path.id].param != 0;
  return false;
}

const PointerCalls::Sites &PointerCalls::sitesOf(FunctionId f) const {
  constexpr size_t kManyClasses = 3;
  if (sites[f])
    return *sites[f];
  std::map<uint32_t, std::set<FunctionId>> entered;
  for (const CallEvent &e : context.events[f].calls)
    entered[e.site].insert(e.targets.begin(), e.targets.end());
  Sites out;
  uint32_t site = 0;
  for (const ir::Block &b : context.program.function(f).ir->blocks) {
    for (const ir::Inst &i : b.insts) {
      auto it = entered.find(site);
      if (i.op == ir::Op::Call && i.call == ir::CallKind::Indirect && it != entered.end() &&
          meansSeveral(it->second))
        out.pointers.push_back(site);
      if (i.op == ir::Op::Call && i.call == ir::CallKind::Virtual && it != entered.end() &&
          it->second.size() >= kManyClasses) {
        out.ofMany.push_back(site);
        if (isOfWrapped(context.program, context.program.function(f), i))
          out.virtuals.push_back(site);
      }
      ++site;
    }
    ++site; // the block's end
  }
  return *(sites[f] = std::move(out));
}

bool PointerCalls::isOne(FunctionId f, uint32_t site) const {
  const std::vector<uint32_t> &all = sitesOf(f).pointers;
  return std::binary_search(all.begin(), all.end(), site);
}

bool PointerCalls::isVirtual(FunctionId f, uint32_t site) const {
  const std::vector<uint32_t> &all = sitesOf(f).virtuals;
  return std::binary_search(all.begin(), all.end(), site);
}

bool PointerCalls::onVirtualWay(WitnessId witness) const {
  std::set<FunctionId> before; // what a virtual call of many classes lies behind
  std::vector<FunctionId> way;
  for (WitnessId w = witness; w != kNone; w = context.witnesses[w].inner) {
    const WitnessNode &n = context.witnesses[w];
    if (isVirtual(n.function, n.site) || before.count(n.function))
      return true;
    way.push_back(n.function);
    const std::vector<uint32_t> &any = sitesOf(n.function).ofMany;
    if (std::binary_search(any.begin(), any.end(), n.site))
      before.insert(way.begin(), way.end());
  }
  return false;
}

bool PointerCalls::amongVirtual(const CallPath &calls) const {
  return std::any_of(calls.begin(), calls.end(), [&](const auto &c) { return isVirtual(c.first, c.second); });
}

bool PointerCalls::onWay(WitnessId witness) const {
  for (WitnessId w = witness; w != kNone; w = context.witnesses[w].inner)
    if (isOne(context.witnesses[w].function, context.witnesses[w].site))
      return true;
  return false;
}

bool PointerCalls::among(const CallPath &calls) const {
  return std::any_of(calls.begin(), calls.end(), [&](const auto &c) { return isOne(c.first, c.second); });
}

} // namespace gordian::link
