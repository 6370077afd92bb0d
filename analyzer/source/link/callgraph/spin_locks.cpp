// SPDX-License-Identifier: MIT
#include "source/link/callgraph/spin_locks.h"
#include "source/link/program/shape.h"

#include <algorithm>

namespace gordian::link {

using ir::Arithmetic;
using ir::Op;
using ir::OperandKind;

bool SpinLocks::takes(const ir::Inst &i) {
  if (i.op != Op::Rmw || i.access != ir::AccessKind::Atomic || i.args.empty())
    return false;
  bool swaps = i.arithmetic == Arithmetic::Exchange;
  if (!swaps && (i.arithmetic != Arithmetic::CompareExchange || i.args.size() < 2))
    return false;
  const ir::Operand &set = i.args[swaps ? 0 : 1];
  return set.kind == OperandKind::Integer && set.integer != 0;
}

bool SpinLocks::gives(const ir::Inst &i) {
  bool writes = i.op == Op::Store || (i.op == Op::Rmw && i.arithmetic == Arithmetic::Exchange);
  return writes && i.access != ir::AccessKind::Plain && !i.args.empty() &&
         i.args[0].kind == OperandKind::Integer && i.args[0].integer == 0;
}

namespace {

class Body {
public:
  Body(const Program &p, const FunctionEntry &e) : program(p), entry(e), ir(*e.ir) {}

  WriteKey keyOf(const ir::Path &p) const {
    for (auto j = p.proj.rbegin(); j != p.proj.rend(); ++j)
      if (j->kind == ir::ProjKind::Field)
        return fieldKey(program.classIn(entry.unit, j->klass), j->index);
    if (p.root == ir::RootKind::Global)
      return globalKey(program.globalIn(entry.unit, p.id));
    const ir::Inst *address = p.root == ir::RootKind::Deref ? definitionOf(p.id) : nullptr;
    return address && address->op == Op::AddressOf ? keyOf(address->path) : 0;
  }

  /// Whether the loop around `taking` is left where it has found the variable to be zero.
  bool isLeftWith(const ir::Inst &taking, ir::Id block) {
    if (shape.order.empty())
      shape = shapeOf(ir);
    uint32_t loop = shape.loopOf[block];
    if (loop == kNone)
      return false;
    const std::vector<ir::Id> &inside = shape.loops[loop].blocks;
    auto isInside = [&](ir::Id b) { return std::find(inside.begin(), inside.end(), b) != inside.end(); };
    bool truth = taking.arithmetic == Arithmetic::CompareExchange;
    return std::any_of(inside.begin(), inside.end(), [&](ir::Id b) {
      const ir::Terminator &t = ir.blocks[b].term;
      if (t.kind != ir::TermKind::Branch || isInside(t.successors[0]) == isInside(t.successors[1]))
        return false;
      int means = meaning(t.value, taking.result, 0);
      return means != 0 && (means > 0) == (truth == isInside(t.successors[1]));
    });
  }

private:
  const ir::Inst *definitionOf(ir::Id value) const {
    for (const ir::Block &b : ir.blocks)
      for (const ir::Inst &i : b.insts)
        if (i.result == value)
          return &i;
    return nullptr;
  }

  /// 1: true if `result` is, -1: if it is not, 0: it does not say.
  int meaning(const ir::Operand &o, ir::Id result, unsigned depth) const {
    constexpr unsigned kMaxDepth = 4;
    if (o.kind != OperandKind::Value || depth > kMaxDepth)
      return 0;
    if (o.id == result)
      return 1;
    const ir::Inst *i = definitionOf(o.id);
    if (!i)
      return 0;
    switch (i->op) {
    case Op::Copy:
      return meaning(i->args[0], result, depth + 1);
    case Op::Not:
      return -meaning(i->args[0], result, depth + 1);
    case Op::Compare: {
      bool equal = i->predicate == ir::Predicate::Eq;
      if ((!equal && i->predicate != ir::Predicate::Ne) || i->args[1].kind != OperandKind::Integer)
        return 0;
      int same = meaning(i->args[0], result, depth + 1);
      return equal == (i->args[1].integer != 0) ? same : -same;
    }
    case Op::Load:
      return i->path.root == ir::RootKind::Local && i->path.proj.empty() ? stored(i->path.id, result, depth)
                                                                         : 0;
    default:
      return 0;
    }
  }
  int stored(ir::Id local, ir::Id result, unsigned depth) const {
    for (const ir::Block &b : ir.blocks)
      for (const ir::Inst &i : b.insts)
        if (i.op == Op::Store && i.path.root == ir::RootKind::Local && i.path.id == local)
          if (int m = meaning(i.args[0], result, depth + 1))
            return m;
    return 0;
  }

  const Program &program;
  const FunctionEntry &entry;
  const ir::Function &ir;
  Shape shape;
};

} // namespace

SpinLocks::SpinLocks(const Program &program) {
  std::unordered_set<WriteKey> taken, given;
  for (const FunctionEntry &e : program.functions()) {
    Body body(program, e);
    for (ir::Id b = 0; b < e.ir->blocks.size(); ++b)
      for (const ir::Inst &i : e.ir->blocks[b].insts) {
        bool take = takes(i);
        if (!take && !gives(i))
          continue;
        WriteKey key = body.keyOf(i.path);
        if (key && take && body.isLeftWith(i, b)) {
          taken.insert(key);
          waiting.insert(&i);
        } else if (key && !take && e.ir->kind != ir::FunctionKind::Constructor) {
          given.insert(key);
        }
      }
  }
  for (WriteKey k : taken)
    if (given.count(k))
      locks.insert(k);
}

} // namespace gordian::link
