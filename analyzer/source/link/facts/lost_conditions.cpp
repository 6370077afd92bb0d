// SPDX-License-Identifier: MIT
#include "source/link/facts/lost_conditions.h"

#include "source/link/program/shape.h"

#include <algorithm>
#include <set>

namespace gordian::link {

namespace {
/// Something that a condition reads: a variable, a parameter, a field, a function that is asked.
enum class Leaf : uint8_t { Local, Global, Param, Field, Function };
using LeafKey = std::tuple<Leaf, uint32_t, uint32_t>;
using Leaves = std::set<LeafKey>;

/// What leads to a block and not to another one.
struct Conditions {
  bool any = false;
  Leaves read;        // by the tests
  Leaves got;         // ... and to get at what they read
  Leaves set, unset;  // tested by themselves, and found to be something, nothing
  ir::Id top = kNone; // where the first of them begins
};

bool meet(const Leaves &a, const Leaves &b) {
  return std::any_of(a.begin(), a.end(), [&](const LeafKey &l) { return b.count(l) != 0; });
}
} // namespace

/// One function's blocks, with their dominators.
class LostConditions::Code {
public:
  Code(const Program &p, const FunctionEntry &e)
      : function(*e.ir), shape(shapeOf(function)), before(function.blocks.size()) {
    const ir::Function &f = function;
    for (ir::Id b : shape.order)
      for (ir::Id next : f.blocks[b].term.successors)
        before[next].push_back(b);
    for (const ir::Block &b : f.blocks)
      for (const ir::Inst &i : b.insts)
        note(p, e.unit, i);
    findDominators();
  }

  ir::Id blockOf(uint32_t site) const {
    auto behind = std::upper_bound(shape.firstSite.begin(), shape.firstSite.end(), site);
    return static_cast<ir::Id>(behind - shape.firstSite.begin() - 1);
  }
  bool isReached(ir::Id b) const { return shape.rank[b] != kNone; }
  const std::vector<ir::Id> &successors(ir::Id b) const { return function.blocks[b].term.successors; }

  bool dominates(ir::Id a, ir::Id b) const {
    while (shape.rank[b] > shape.rank[a])
      b = dominator[b];
    return a == b;
  }

  /// Whether a way leads from one of `from` to `to`, or to a return (kNone), that enters none of `avoiding`.
  bool leads(std::vector<ir::Id> from, ir::Id to, const std::vector<ir::Id> &avoiding) const {
    std::vector<bool> seen(function.blocks.size());
    for (ir::Id b : avoiding)
      seen[b] = true;
    while (!from.empty()) {
      ir::Id b = from.back();
      from.pop_back();
      if (seen[b])
        continue;
      seen[b] = true;
      const ir::Terminator &t = function.blocks[b].term;
      if (to == kNone ? t.kind == ir::TermKind::Return : b == to)
        return true;
      from.insert(from.end(), t.successors.begin(), t.successors.end());
    }
    return false;
  }

  Conditions conditions(ir::Id b, ir::Id apart) const {
    Conditions out;
    for (; !dominates(b, apart); b = dominator[b]) {
      std::vector<ir::Id> tests = testsBefore(b, apart);
      for (ir::Id t : tests)
        addTest(t, b, tests.size() == 1, out);
      if (!tests.empty())
        out.top = dominator[b];
    }
    return out;
  }

  /// What the blocks that lead to `b`, and not to `apart`, use: by itself, or to get at what it points to.
  Leaves uses(ir::Id b, ir::Id apart) const {
    Leaves out;
    for (; !dominates(b, apart); b = dominator[b])
      for (const ir::Inst &i : function.blocks[b].insts) {
        if (i.op == ir::Op::Call)
          for (const ir::Operand &a : i.args)
            addLeaves(a, true, out);
        if (i.path.root == ir::RootKind::Deref && i.path.id != kNone)
          addLeaves({ir::OperandKind::Value, i.path.id}, true, out);
      }
    return out;
  }

  /// setjmp: the ways of a jump are not in the text.
  bool jumps = false;

private:
  void note(const Program &p, UnitId unit, const ir::Inst &i) {
    if (i.result != kNone)
      definitions[i.result] = &i;
    const Row *row = i.op == ir::Op::Call && i.function != kNone
                         ? p.function(p.functionIn(unit, i.function)).row
                         : nullptr;
    jumps = jumps || (row && row->effect == Effect::SetJump);
  }

  void findDominators() {
    dominator.assign(function.blocks.size(), 0);
    auto common = [&](ir::Id a, ir::Id b) {
      while (a != b) {
        ir::Id &deeper = shape.rank[a] > shape.rank[b] ? a : b;
        deeper = dominator[deeper];
      }
      return a;
    };
    std::vector<bool> done(function.blocks.size());
    done[0] = true;
    for (bool changed = true; changed;) {
      changed = false;
      for (ir::Id b : shape.order) {
        ir::Id now = kNone;
        for (ir::Id p : before[b])
          if (done[p])
            now = now == kNone ? p : common(now, p);
        if (b == 0 || now == kNone || (done[b] && dominator[b] == now))
          continue;
        dominator[b] = now;
        done[b] = changed = true;
      }
    }
  }

  /// The branches between a block and its dominator, if they decide whether it is entered: one of them leads
  /// elsewhere. A loop's own decides nothing, nor do those that lead past `apart` as well.
  std::vector<ir::Id> testsBefore(ir::Id block, ir::Id apart) const {
    std::vector<ir::Id> region = {block}, out;
    for (size_t n = 0; n < region.size(); ++n)
      for (ir::Id p : region[n] == dominator[block] ? std::vector<ir::Id>() : before[region[n]])
        if (std::find(region.begin(), region.end(), p) == region.end())
          region.push_back(p);
    bool decides = false;
    if (std::find(region.begin(), region.end(), apart) != region.end())
      return out;
    for (size_t n = 1; n < region.size(); ++n) {
      const ir::Terminator &t = function.blocks[region[n]].term;
      if ((t.kind != ir::TermKind::Branch && t.kind != ir::TermKind::Switch) || t.loop)
        continue;
      out.push_back(region[n]);
      decides = decides || std::any_of(t.successors.begin(), t.successors.end(), [&](ir::Id s) {
                  return std::find(region.begin(), region.end(), s) == region.end();
                });
    }
    return decides ? out : std::vector<ir::Id>();
  }

  void addTest(ir::Id at, ir::Id next, bool alone, Conditions &out) const {
    const ir::Terminator &t = function.blocks[at].term;
    out.any = true;
    addLeaves(t.value, false, out.read);
    addLeaves(t.value, true, out.got);
    if (!alone || t.kind != ir::TermKind::Branch)
      return;
    bool holds = t.successors[0] == next;
    if (std::optional<LeafKey> leaf = testedByItself(t.value, holds))
      (holds ? out.set : out.unset).insert(*leaf);
  }

  /// The variable whose being something (`holds`) or nothing a value says.
  std::optional<LeafKey> testedByItself(ir::Operand o, bool &holds) const {
    for (int depth = 0; depth < 4; ++depth) {
      if (o.kind == ir::OperandKind::Param)
        return LeafKey{Leaf::Param, o.id, 0};
      auto at = definitions.find(o.id);
      if (o.kind != ir::OperandKind::Value || at == definitions.end())
        return std::nullopt;
      const ir::Inst &i = *at->second;
      Leaves one;
      if (i.op == ir::Op::Load) {
        addPath(i.path, one);
        return one.empty() ? std::nullopt : std::optional(*one.begin());
      }
      bool equal = i.op == ir::Op::Compare && i.predicate == ir::Predicate::Eq;
      bool nothing =
          i.args.size() == 2 && (i.args[1].kind == ir::OperandKind::Null ||
                                 (i.args[1].kind == ir::OperandKind::Integer && !i.args[1].integer));
      if (i.op == ir::Op::Not || (equal && nothing))
        holds = !holds;
      else if (i.op != ir::Op::Copy &&
               !(i.op == ir::Op::Compare && i.predicate == ir::Predicate::Ne && nothing))
        return std::nullopt;
      o = i.args[0];
    }
    return std::nullopt;
  }

  void addLeaves(const ir::Operand &o, bool bases, Leaves &out, int depth = 6) const {
    if (o.kind == ir::OperandKind::Param)
      out.insert({Leaf::Param, o.id, 0});
    auto at = definitions.find(o.id);
    if (o.kind != ir::OperandKind::Value || at == definitions.end() || depth == 0)
      return;
    const ir::Inst &i = *at->second;
    if (i.op == ir::Op::Load || i.op == ir::Op::Rmw || i.op == ir::Op::AddressOf) {
      addPath(i.path, out);
      if (i.path.root == ir::RootKind::Deref && (bases || i.path.proj.empty()))
        addLeaves({ir::OperandKind::Value, i.path.id}, bases, out, depth - 1);
    }
    if (i.op == ir::Op::Call && i.function != kNone)
      out.insert({Leaf::Function, i.function, 0});
    for (const ir::Operand &a : i.args)
      addLeaves(a, bases, out, depth - 1);
  }

  static void addPath(const ir::Path &p, Leaves &out) {
    for (auto it = p.proj.rbegin(); it != p.proj.rend(); ++it)
      if (it->kind == ir::ProjKind::Field) {
        out.insert({Leaf::Field, it->klass, it->index});
        return;
      }
    if (p.root == ir::RootKind::Local)
      out.insert({Leaf::Local, p.id, 0});
    if (p.root == ir::RootKind::Global)
      out.insert({Leaf::Global, p.id, 0});
  }

  const ir::Function &function;
  Shape shape;
  std::vector<std::vector<ir::Id>> before; // reachable predecessors
  std::vector<ir::Id> dominator;
  std::map<ir::Id, const ir::Inst *> definitions;
};

LostConditions::LostConditions(const Context &c) : context(c) {}
LostConditions::~LostConditions() = default;

LostConditions::Code &LostConditions::codeOf(FunctionId f) {
  std::unique_ptr<Code> &code = known[f];
  if (!code)
    code = std::make_unique<Code>(context.program, context.program.function(f));
  return *code;
}

bool LostConditions::areApart(FunctionId f, uint32_t taken, const std::vector<uint32_t> &others,
                              uint32_t later) {
  Code &code = codeOf(f);
  ir::Id from = code.blockOf(taken), to = code.blockOf(later);
  std::vector<ir::Id> taking = {from};
  for (uint32_t site : others)
    taking.push_back(code.blockOf(site));
  if (from == to || !code.isReached(from) || !code.isReached(to) || !code.leads({0}, to, taking) ||
      !code.leads(code.successors(from), kNone, {to}))
    return false;
  Conditions first = code.conditions(from, to), second = code.conditions(to, from);
  if (!first.any || !second.any)
    return false;
  Leaves used = code.uses(to, from);
  used.merge(second.got);
  return meet(first.unset, used) || (!meet(first.read, used));
}

bool LostConditions::isGivenBack(FunctionId f, uint32_t taken, const std::vector<uint32_t> &others,
                                 const std::vector<uint32_t> &releases, uint32_t later) {
  Code &code = codeOf(f);
  ir::Id from = code.blockOf(taken), to = code.blockOf(later);
  if (code.jumps || !code.isReached(from) || !code.isReached(to))
    return false;
  Leaves when = code.conditions(from, to).read;
  std::vector<ir::Id> giving;
  for (uint32_t site : releases) {
    ir::Id at = code.blockOf(site);
    if (!code.isReached(at))
      continue;
    if (at == from && site > taken)
      return from != to || later > site || later < taken;
    if (at == to && site >= later)
      continue;
    if (at == to)
      return from != to || later < taken;
    giving.push_back(at);
    Conditions on = code.conditions(at, from);
    if (on.any && on.read == when && on.top != from && on.top != to)
      giving.push_back(on.top);
  }
  // Taken twice, and given back once.
  for (uint32_t site : others) {
    ir::Id at = code.blockOf(site);
    std::vector<ir::Id> elsewhere = giving;
    std::erase(elsewhere, at);
    if (site != later && (at == from ? site > taken : code.leads(code.successors(from), at, elsewhere)))
      return false;
  }
  return !giving.empty() && (from != to || later < taken) && !code.leads(code.successors(from), to, giving);
}

} // namespace gordian::link
