// SPDX-License-Identifier: MIT
#include "source/link/facts/local_escape.h"

#include <algorithm>
#include <set>
#include <tuple>

namespace gordian::link {

namespace {

/// What a pointer leads to: the object itself, or something that holds pointers to it.
using Bits = uint8_t;
constexpr Bits kObject = 1, kHolder = 2;
/// Callees that are looked at for one object.
constexpr size_t kMaxBodies = 100;

struct Body {
  FunctionId function;
  uint32_t param; // kNone: the object's own function
  Bits bits;
  friend auto operator<=>(const Body &, const Body &) = default;
};

/// One function's body, with one parameter (or the object itself) known.
class Scan {
public:
  Scan(const Context &c, const Body &b, uint32_t local, std::vector<Body> &callees)
      : context(c), body(b), object(b.param == kNone ? local : kNone),
        unit(c.program.function(b.function).unit), ir(*c.program.function(b.function).ir),
        values(ir.valueCount), addressOf(ir.valueCount, kNone), holds(ir.locals.size()), next(callees) {
    for (size_t l = 0; l < holds.size(); ++l)
      if (ir.locals[l].param == body.param && body.param != kNone)
        holds[l] = body.bits;
  }

  bool escapes() {
    if (ir.isCoroutine)
      return true;
    for (bool changed = true; changed && !escaped;) {
      auto before = std::tuple(values, holds);
      for (const ir::Block &b : ir.blocks)
        for (const ir::Inst &i : b.insts)
          step(i);
      changed = before != std::tuple(values, holds);
    }
    return escaped;
  }

private:
  Bits of(const ir::Operand &o) const {
    return o.kind == ir::OperandKind::Value                         ? values[o.id]
           : o.kind == ir::OperandKind::Param && o.id == body.param ? body.bits
                                                                    : Bits(0);
  }
  Bits of(const ir::Path &p) const {
    switch (p.root) {
    case ir::RootKind::Local:
      return p.id == object ? kObject : holds[p.id] ? kHolder : Bits(0);
    case ir::RootKind::Deref:
      return values[p.id];
    case ir::RootKind::Global:
      break;
    }
    return 0;
  }
  const ir::Type *type(ir::Id t) const { return t == kNone ? nullptr : &context.program.unit(unit).types[t]; }
  bool isPointer(ir::Id t) const {
    const ir::Type *x = type(t);
    return x && (x->kind == ir::TypeKind::Pointer || x->kind == ir::TypeKind::Reference);
  }
  /// Whether an object of the class may keep pointers that it was not asked to follow.
  bool mayHold(ir::Id t) const {
    static constexpr std::string_view words[] = {"*",    "&",        "function", "_Bind", "reference_wrapper",
                                                 "lock", "iterator", "task",     "span",  "ptr"};
    const ir::Type *x = type(t);
    if (!x || x->kind != ir::TypeKind::Class || x->klass == kNone)
      return x && x->kind != ir::TypeKind::Class && isPointer(t);
    if (!context.program.unit(unit).classes[x->klass].isSystem)
      return true;
    return std::any_of(std::begin(words), std::end(words),
                       [&](std::string_view w) { return x->name.find(w) != std::string::npos; });
  }
  ClassId closureOf(const ir::Path &p) const {
    if (p.proj.empty() || p.proj[0].kind != ir::ProjKind::Field)
      return kNone;
    ClassId c = context.program.classIn(unit, p.proj[0].klass);
    return c != kNone && context.program.klass(c).ir->isLambda ? c : kNone;
  }
  void define(ir::Id value, Bits b) {
    if (value != kNone)
      values[value] |= b;
  }

  void step(const ir::Inst &i) {
    switch (i.op) {
    case ir::Op::Load:
      // A closure, or a pointer variable, leads to the object; another object perhaps to one that holds it.
      if (of(i.path) & kHolder && isPointer(i.type))
        define(i.result, closureOf(i.path) != kNone                                  ? kObject
                         : i.path.root == ir::RootKind::Local && i.path.proj.empty() ? holds[i.path.id]
                                                                                     : kObject | kHolder);
      return;
    case ir::Op::AddressOf:
      if (i.path.root == ir::RootKind::Local && i.result != kNone)
        addressOf[i.result] = i.path.id;
      return define(i.result, of(i.path));
    case ir::Op::Copy:
    case ir::Op::Arith:
      for (const ir::Operand &a : i.args)
        define(i.result, of(a));
      if (i.op == ir::Op::Copy && i.args[0].kind == ir::OperandKind::Value && i.result != kNone)
        addressOf[i.result] = addressOf[i.args[0].id];
      return;
    case ir::Op::Store:
      return put(i.path, of(i.args[0]));
    case ir::Op::CopyObject:
      return put(i.path, of(i.args[0]) & kHolder);
    case ir::Op::Rmw:
      for (const ir::Operand &a : i.args)
        escaped = escaped || of(a);
      return;
    case ir::Op::Call:
      return call(i);
    default:
      return;
    }
  }

  void put(const ir::Path &to, Bits b) {
    if (!b)
      return;
    if (ClassId closure = closureOf(to); closure != kNone)
      if (FunctionId f = context.hierarchy.callOperator(closure); f != kNone)
        next.push_back({f, 0, kHolder});
    if (to.root == ir::RootKind::Local && to.id != object)
      holds[to.id] |= b;
    else if (!(of(to) & kHolder))
      escaped = true;
  }

  void call(const ir::Inst &i) {
    Bits all = 0;
    for (const ir::Operand &a : i.args)
      all |= of(a);
    if (!all)
      return;
    FunctionId callee =
        i.call == ir::CallKind::Indirect ? kNone : context.program.functionIn(unit, i.function);
    if (isPointer(i.type))
      define(i.result, all);
    if (i.hasInto && (i.path.root != ir::RootKind::Local || mayHold(ir.locals[i.path.id].type)))
      put(i.path, all);
    if (callee != kNone && i.call == ir::CallKind::Direct && !context.program.function(callee).hasBody())
      return callLibrary(i, callee);
    const std::vector<FunctionId> targets = i.call == ir::CallKind::Direct ? std::vector{callee}
                                            : i.call == ir::CallKind::Virtual
                                                ? context.hierarchy.targets(callee)
                                                : context.flow.targets(body.function, i.callee);
    enter(i, targets, 0, 0);
  }

  /// The arguments from `from` on are those of the targets from `shift` on.
  void enter(const ir::Inst &i, const std::vector<FunctionId> &targets, uint32_t from, uint32_t shift) {
    bool given = false;
    for (uint32_t n = from; n < i.args.size(); ++n)
      if (Bits b = of(i.args[n])) {
        given = true;
        for (FunctionId f : targets) {
          bool method = shift && context.program.function(f).ir->pattern.ends_with("operator()");
          next.push_back(
              {f,
               n - from +
                   (method || context.program.function(f).ir->kind == ir::FunctionKind::Lambda ? shift : 0),
               b});
        }
      }
    escaped = escaped || (given && targets.empty());
  }

  void callLibrary(const ir::Inst &i, FunctionId callee) {
    const FunctionEntry &e = context.program.function(callee);
    if (e.row) {
      switch (e.row->effect) {
      case Effect::Spawn:
      case Effect::SpawnFuture:
      case Effect::SpawnInto:
      case Effect::Handler:
        escaped = true;
        return;
      case Effect::CallObject:
        if (e.row->other >= 0)
          return enter(i, context.flow.targets(body.function, i.args[e.row->object]),
                       static_cast<uint32_t>(e.row->other), 1);
        return;
      default:
        break;
      }
    } else if (!e.ir->isSystem || !isPlain(*e.ir)) {
      for (size_t n = 0; n < i.args.size(); ++n)
        escaped = escaped || (of(i.args[n]) && !takesConst(e, n));
      return;
    }
    if (e.klass != kNone && !i.args.empty() && !e.ir->isConst)
      keep(i, e);
  }

  /// A library's object keeps copies of what it is given: of pointers, not of what a reference means.
  void keep(const ir::Inst &i, const FunctionEntry &f) {
    const ir::Operand &receiver = i.args[0];
    uint32_t local = receiver.kind == ir::OperandKind::Value ? addressOf[receiver.id] : kNone;
    for (size_t n = 1; n < i.args.size(); ++n) {
      Bits b = of(i.args[n]);
      const ir::Type *type = typeOf(f, n);
      bool byValue = type && type->kind == ir::TypeKind::Pointer;
      if (local != kNone && local != object)
        holds[local] |= b;
      else if ((b & kHolder || (b && byValue)) && !(of(receiver) & kHolder))
        escaped = true;
    }
  }
  const ir::Type *typeOf(const FunctionEntry &f, size_t n) const {
    ir::Id t = n < f.ir->params.size() ? f.ir->params[n].type : kNone;
    return t == kNone ? nullptr : &context.program.unit(f.unit).types[t];
  }
  bool takesConst(const FunctionEntry &f, size_t n) const {
    const ir::Type *t = typeOf(f, n);
    return t && t->element != kNone && context.program.unit(f.unit).types[t->element].isConst;
  }
  /// Functions that remember no pointer but in the object that they are methods of.
  static bool isPlain(const ir::Function &f) {
    static constexpr std::string_view starts[] = {"std::",    "__gnu_cxx::", "mem", "str",
                                                  "pthread_", "mtx_",        "sn",  "__builtin"};
    return std::any_of(std::begin(starts), std::end(starts),
                       [&](std::string_view s) { return f.pattern.starts_with(s); });
  }

  const Context &context;
  const Body body;
  const uint32_t object; // the local variable, kNone: in a callee
  const UnitId unit;
  const ir::Function &ir;
  std::vector<Bits> values;
  std::vector<uint32_t> addressOf; // by value: the local variable that it is the address of
  std::vector<Bits> holds;         // by local variable: what it leads to
  std::vector<Body> &next;
  bool escaped = false;
};

} // namespace

bool LocalEscape::isPrivate(FunctionId f, uint32_t local) {
  auto [it, isNew] = known.try_emplace({f, local}, false);
  if (!isNew)
    return it->second;
  std::vector<Body> queue = {{f, kNone, 0}};
  std::set<Body> seen = {queue[0]};
  for (size_t n = 0; n < queue.size(); ++n) {
    std::vector<Body> callees;
    if (n >= kMaxBodies || Scan(context, queue[n], local, callees).escapes())
      return false;
    for (const Body &b : callees)
      if (!context.program.function(b.function).hasBody() ||
          b.param >= context.program.function(b.function).ir->params.size())
        return false;
      else if (seen.insert(b).second)
        queue.push_back(b);
  }
  return it->second = true;
}

} // namespace gordian::link
