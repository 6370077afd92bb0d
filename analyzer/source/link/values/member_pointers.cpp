// SPDX-License-Identifier: MIT
#include "source/link/values/member_pointers.h"

#include <algorithm>
#include <optional>
#include <set>

namespace gordian::link {

using ir::FunctionKind;
using ir::Op;
using ir::OperandKind;

namespace {

constexpr size_t kMaxFields = 4;

/// What a pointer holds, in the frame of one function: a parameter's value (fields empty), a place in what a
/// parameter points to, or a place in a global.
struct Target {
  uint32_t param = kNone; // kNone: `place.global` says
  bool isValue = false;   // of the parameter itself
  FixedPlace place;
};

/// A pointer that a function binds: in what parameter 0 points to, or in a global.
struct Bound {
  FixedPlace from;
  Target to;
};

bool isConstructor(FunctionKind k) {
  return k == FunctionKind::Constructor || k == FunctionKind::CopyConstructor ||
         k == FunctionKind::MoveConstructor;
}

class Finder {
public:
  explicit Finder(const Program &p) : program(p) {}
  const std::vector<Bound> &boundBy(FunctionId f);

private:
  struct Frame {
    UnitId unit;
    const ir::Function &ir;
    std::vector<const ir::Inst *> definitions; // by value
    std::set<ir::Id> reassigned;               // locals that are stored to
  };
  Frame frameOf(FunctionId f) const;
  std::optional<Target> targetOf(const Frame &f, const ir::Operand &o, unsigned depth = 0) const;
  std::optional<Target> placeOf(const Frame &f, const ir::Path &p, unsigned depth) const;
  void store(const Frame &f, const ir::Inst &i, std::vector<Bound> &out) const;
  void construct(const Frame &f, const ir::Inst &i, std::vector<Bound> &out);

  const Program &program;
  std::map<FunctionId, std::vector<Bound>> known;
};

Finder::Frame Finder::frameOf(FunctionId f) const {
  const FunctionEntry &e = program.function(f);
  Frame out{e.unit, *e.ir, std::vector<const ir::Inst *>(e.ir->valueCount), {}};
  for (const ir::Block &b : e.ir->blocks)
    for (const ir::Inst &i : b.insts) {
      if (i.result != kNone && i.result < out.definitions.size())
        out.definitions[i.result] = &i;
      if ((i.op == Op::Store || i.op == Op::Rmw) && i.path.root == ir::RootKind::Local)
        out.reassigned.insert(i.path.id);
    }
  return out;
}

std::optional<Target> Finder::placeOf(const Frame &f, const ir::Path &p, unsigned depth) const {
  Target t;
  if (p.root == ir::RootKind::Global) {
    t.place.global = program.globalIn(f.unit, p.id);
  } else if (p.root == ir::RootKind::Deref) {
    ir::Operand o;
    o.kind = OperandKind::Value;
    o.id = p.id;
    std::optional<Target> base = targetOf(f, o, depth);
    if (!base)
      return std::nullopt;
    t = *base;
    t.isValue = t.isValue && p.proj.empty();
  } else {
    return std::nullopt;
  }
  for (const ir::Proj &j : p.proj) {
    if (j.kind == ir::ProjKind::Base)
      continue;
    if (j.kind != ir::ProjKind::Field || t.place.fields.size() >= kMaxFields)
      return std::nullopt;
    t.place.fields.push_back({program.classIn(f.unit, j.klass), j.index});
    t.isValue = false;
  }
  return t;
}

std::optional<Target> Finder::targetOf(const Frame &f, const ir::Operand &o, unsigned depth) const {
  constexpr unsigned kMaxDepth = 8;
  if (o.kind == OperandKind::Param)
    return Target{o.id, true, {}};
  if (o.kind != OperandKind::Value || o.id >= f.definitions.size() || !f.definitions[o.id] ||
      depth > kMaxDepth)
    return std::nullopt;
  const ir::Inst &i = *f.definitions[o.id];
  if (i.op == Op::Copy)
    return targetOf(f, i.args[0], depth + 1);
  if (i.op == Op::AddressOf)
    return placeOf(f, i.path, depth + 1);
  if (i.op == Op::Load && i.path.root == ir::RootKind::Local && i.path.proj.empty() &&
      f.ir.locals[i.path.id].param != kNone && !f.reassigned.count(i.path.id))
    return Target{f.ir.locals[i.path.id].param, true, {}};
  return std::nullopt;
}

void Finder::store(const Frame &f, const ir::Inst &i, std::vector<Bound> &out) const {
  std::optional<Target> at = placeOf(f, i.path, 0), value = targetOf(f, i.args[0]);
  if (at && value && !at->place.fields.empty() && (at->param == 0 || at->param == kNone))
    out.push_back({at->place, *value});
}

/// What the constructor of a base or member binds, in this function's frame.
void Finder::construct(const Frame &f, const ir::Inst &i, std::vector<Bound> &out) {
  FunctionId callee = program.functionIn(f.unit, i.function);
  if (!isConstructor(program.function(callee).ir->kind) || i.args.empty())
    return;
  std::optional<Target> object = targetOf(f, i.args[0]);
  if (!object || (object->param != 0 && object->param != kNone))
    return;
  for (const Bound &inner : boundBy(callee)) {
    if (inner.from.global != kNone || object->place.fields.size() + inner.from.fields.size() > kMaxFields)
      continue;
    Bound b{object->place, inner.to};
    b.from.fields.insert(b.from.fields.end(), inner.from.fields.begin(), inner.from.fields.end());
    if (inner.to.param != kNone) {
      std::optional<Target> actual;
      if (inner.to.param < i.args.size())
        actual = targetOf(f, i.args[inner.to.param]);
      if (!actual || actual->place.fields.size() + inner.to.place.fields.size() > kMaxFields)
        continue;
      b.to = *actual;
      b.to.isValue = actual->isValue && inner.to.isValue;
      b.to.place.fields.insert(b.to.place.fields.end(), inner.to.place.fields.begin(),
                               inner.to.place.fields.end());
    }
    out.push_back(std::move(b));
  }
}

const std::vector<Bound> &Finder::boundBy(FunctionId fn) {
  auto [it, isNew] = known.try_emplace(fn);
  if (!isNew || !program.function(fn).hasBody())
    return it->second; // also while it is being made: a constructor does not build its own class inside
  Frame f = frameOf(fn);
  std::vector<Bound> out;
  for (const ir::Block &b : f.ir.blocks)
    for (const ir::Inst &i : b.insts)
      if (i.op == Op::Store)
        store(f, i, out);
      else if (i.op == Op::Call && i.call == ir::CallKind::Direct)
        construct(f, i, out);
  return known[fn] = std::move(out);
}

/// What the constructors of one class, or the initialiser of one global, agree on.
class Agreement {
public:
  void add(const std::vector<Bound> &bound, const std::function<bool(const FixedPlace &)> &concerns) {
    std::map<FixedPlace, std::optional<FixedPlace>> here;
    for (const Bound &b : bound) {
      if (!concerns(b.from))
        continue;
      // Relative to the object itself, or global.
      bool fixed = !b.to.isValue && (b.to.param == 0 || b.to.param == kNone) &&
                   !(b.from.global != kNone && b.to.param == 0);
      auto [it, isNew] = here.try_emplace(b.from, fixed ? std::optional(b.to.place) : std::nullopt);
      if (!isNew && (!fixed || it->second != b.to.place))
        it->second = std::nullopt;
    }
    if (first)
      agreed = std::move(here);
    else
      std::erase_if(agreed, [&](const auto &a) {
        auto it = here.find(a.first);
        return it == here.end() || it->second != a.second;
      });
    first = false;
  }
  std::map<FixedPlace, std::optional<FixedPlace>> agreed;

private:
  bool first = true;
};

} // namespace

MemberPointers::MemberPointers(const Program &program, const std::function<bool(FieldRef)> &changes) {
  Finder finder(program);
  std::map<ClassId, Agreement> classes;
  Agreement globals;
  for (FunctionId f = 0; f < program.functions().size(); ++f) {
    const FunctionEntry &e = program.function(f);
    if (isConstructor(e.ir->kind) && e.klass != kNone && !e.row && !e.ir->isSystem)
      classes[e.klass].add(finder.boundBy(f), [&](const FixedPlace &p) {
        return p.global == kNone && p.fields.front().first == e.klass;
      });
    else if (e.ir->kind == FunctionKind::GlobalInit && e.hasBody()) {
      Agreement one;
      one.add(finder.boundBy(f), [](const FixedPlace &p) { return p.global != kNone; });
      globals.agreed.insert(one.agreed.begin(), one.agreed.end());
    }
  }
  auto take = [&](const Agreement &a) {
    for (const auto &[from, to] : a.agreed)
      if (to && !changes(from.fields.back()))
        byLast[from.fields.back()].push_back({from, *to});
  };
  for (const auto &[c, agreement] : classes)
    take(agreement);
  take(globals);
  for (auto &[last, list] : byLast)
    std::stable_sort(list.begin(), list.end(), [](const Fixed &a, const Fixed &b) {
      return a.from.fields.size() > b.from.fields.size();
    });
}

} // namespace gordian::link
