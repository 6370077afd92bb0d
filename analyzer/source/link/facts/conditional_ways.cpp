// SPDX-License-Identifier: MIT
#include "source/link/facts/conditional_ways.h"

#include <algorithm>

namespace gordian::link {

static bool namesCount(std::string_view name) {
  static constexpr std::string_view parts[] = {"refcnt",    "refcount", "ref_cnt", "ref_count",
                                               "refs_",     "_refs",    "nrefs",   "usecount",
                                               "use_count", "usecnt",   "use_cnt", "references"};
  return name == "ref" || name == "refs" || name.ends_with("_ref") || name.starts_with("ref_") ||
         std::any_of(std::begin(parts), std::end(parts),
                     [&](std::string_view p) { return name.find(p) != std::string_view::npos; });
}

namespace {
/// One function's code, by value and by block.
class Code {
public:
  Code(const Program &p, const FunctionEntry &e) : unit(p.unit(e.unit)), function(*e.ir) {
    for (const ir::Block &b : function.blocks)
      for (const ir::Inst &i : b.insts)
        if (i.result != kNone)
          definitions[i.result] = &i;
  }

  /// Whether a value is made of a count, through comparisons, copies and calls that are given its address.
  bool readsCount(const ir::Operand &o, int depth = 6) const {
    auto at = definitions.find(o.id);
    if (o.kind != ir::OperandKind::Value || at == definitions.end() || depth == 0)
      return false;
    const ir::Inst &i = *at->second;
    if (i.op == ir::Op::Load || i.op == ir::Op::Rmw || i.op == ir::Op::AddressOf)
      return endsInCount(i.path) ||
             (i.path.root == ir::RootKind::Local && storesCount(i.path.id, depth - 1)) ||
             (i.path.root == ir::RootKind::Deref && i.path.proj.empty() &&
              readsCount({ir::OperandKind::Value, i.path.id}, depth - 1));
    return std::any_of(i.args.begin(), i.args.end(),
                       [&](const ir::Operand &a) { return readsCount(a, depth - 1); });
  }

  /// The block whose branch alone leads to `block`, across blocks with one way in; kNone: there is none.
  ir::Id branchTo(ir::Id block) const {
    for (size_t hops = 0; hops < function.blocks.size(); ++hops) {
      ir::Id from = kNone;
      for (ir::Id b = 0; b < function.blocks.size(); ++b) {
        const std::vector<ir::Id> &next = function.blocks[b].term.successors;
        if (std::find(next.begin(), next.end(), block) == next.end())
          continue;
        if (from != kNone)
          return kNone;
        from = b;
      }
      if (from == kNone || function.blocks[from].term.kind == ir::TermKind::Branch)
        return from;
      block = from;
    }
    return kNone;
  }

  /// `if (c) lock(m);` and nothing else: straight on from instruction `from` of the block comes what the
  /// branch goes to otherwise.
  bool isBypassed(ir::Id block, size_t from, ir::Id branch) const {
    const std::vector<ir::Id> &ways = function.blocks[branch].term.successors;
    for (size_t hops = 0; hops < 4 && function.blocks[block].term.kind == ir::TermKind::Jump;
         ++hops, from = 0) {
      const std::vector<ir::Inst> &insts = function.blocks[block].insts;
      for (size_t n = from; n < insts.size(); ++n)
        if (insts[n].op == ir::Op::Call || insts[n].op == ir::Op::Store || insts[n].op == ir::Op::Rmw)
          return false;
      block = function.blocks[block].term.successors[0];
      if (std::find(ways.begin(), ways.end(), block) != ways.end())
        return !function.blocks[branch].term.loop;
    }
    return false;
  }

private:
  bool endsInCount(const ir::Path &p) const {
    if (p.root == ir::RootKind::Global && p.proj.empty())
      return false;
    for (auto it = p.proj.rbegin(); it != p.proj.rend(); ++it)
      if (it->kind == ir::ProjKind::Field && it->klass != kNone) {
        const std::vector<ir::Field> &fields = unit.classes[it->klass].fields;
        if (it->index < fields.size() && namesCount(fields[it->index].name))
          return true;
      }
    return false;
  }

  /// `int left = --o->refs;`
  bool storesCount(ir::Id local, int depth) const {
    for (const ir::Block &b : function.blocks)
      for (const ir::Inst &i : b.insts)
        if (i.op == ir::Op::Store && i.path.root == ir::RootKind::Local && i.path.id == local &&
            i.path.proj.empty() && !i.args.empty() && readsCount(i.args[0], depth))
          return true;
    return false;
  }

  const ir::Unit &unit;
  const ir::Function &function;
  std::map<ir::Id, const ir::Inst *> definitions;
};
} // namespace

const ConditionalWays::Place &ConditionalWays::placeOf(FunctionId f, uint32_t site) const {
  auto [it, isNew] = known.try_emplace({f, site});
  if (!isNew)
    return it->second;
  const FunctionEntry &entry = context.program.function(f);
  uint32_t first = 0, next = 0;
  ir::Id block = 0;
  for (ir::Id b = 0; b < entry.ir->blocks.size() && next <= site; ++b) {
    block = b;
    first = next;
    next += static_cast<uint32_t>(entry.ir->blocks[b].insts.size()) + 1;
  }
  Code code(context.program, entry);
  if (ir::Id branch = code.branchTo(block); branch != kNone)
    it->second = {code.readsCount(entry.ir->blocks[branch].term.value),
                  code.isBypassed(block, site - first + 1, branch)};
  return it->second;
}

bool ConditionalWays::byLastReference(WitnessId witness) const {
  for (WitnessId w = witness; w != kNone; w = context.witnesses[w].inner)
    if (placeOf(context.witnesses[w].function, context.witnesses[w].site).atLastReference)
      return true;
  return false;
}

bool ConditionalWays::byLastReference(const CallPath &calls) const {
  return std::any_of(calls.begin(), calls.end(),
                     [&](const auto &c) { return placeOf(c.first, c.second).atLastReference; });
}

bool ConditionalWays::bypassed(WitnessId witness) const {
  for (WitnessId w = witness; w != kNone; w = context.witnesses[w].inner)
    if (placeOf(context.witnesses[w].function, context.witnesses[w].site).bypassed)
      return true;
  return false;
}

} // namespace gordian::link
