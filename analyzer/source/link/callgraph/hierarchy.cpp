// SPDX-License-Identifier: MIT
#include "source/link/callgraph/hierarchy.h"

#include <algorithm>

namespace gordian::link {

Hierarchy::Hierarchy(const Program &p) : program(p) {
  classMethods.resize(p.classCount());
  derived.resize(p.classCount());
  constructed.assign(p.classCount(), false);
  collect();
}

void Hierarchy::noteType(UnitId u, ir::Id type) {
  // Arrays of objects and objects, not pointers to them.
  const std::vector<ir::Type> &types = program.unit(u).types;
  while (type != kNone && types[type].kind == ir::TypeKind::Array)
    type = types[type].element;
  if (type != kNone && types[type].kind == ir::TypeKind::Class && types[type].klass != kNone)
    constructed[program.classIn(u, types[type].klass)] = true;
}

void Hierarchy::collect() {
  for (ClassId c = 0; c < program.classCount(); ++c)
    for (ClassId b : program.klass(c).bases)
      derived[b].push_back(c);
  for (GlobalId g = 0; g < program.globalCount(); ++g)
    noteType(program.global(g).unit, program.global(g).ir->type);
  for (FunctionId f = 0; f < program.functions().size(); ++f) {
    const FunctionEntry &e = program.function(f);
    if (e.klass != kNone)
      classMethods[e.klass].push_back(f);
    for (const ir::Local &l : e.ir->locals)
      noteType(e.unit, l.type);
    for (const ir::Block &b : e.ir->blocks)
      for (const ir::Inst &i : b.insts) {
        if (i.op == ir::Op::Alloc)
          noteType(e.unit, program.unit(e.unit).types.empty() || i.type == kNone ? kNone
                           : program.unit(e.unit).types[i.type].kind == ir::TypeKind::Pointer
                               ? program.unit(e.unit).types[i.type].element
                               : i.type);
        if (i.op != ir::Op::Call || i.function == kNone)
          continue;
        const FunctionEntry &callee = program.function(program.functionIn(e.unit, i.function));
        bool makes = callee.ir->kind == ir::FunctionKind::Constructor ||
                     callee.ir->kind == ir::FunctionKind::CopyConstructor ||
                     callee.ir->kind == ir::FunctionKind::MoveConstructor;
        // A constructor calls those of its bases: these make no objects of their own.
        bool ofBase = makes && e.klass != kNone && e.klass != callee.klass && callee.klass != kNone &&
                      e.ir->kind == ir::FunctionKind::Constructor &&
                      program.derivesFrom(e.klass, callee.klass);
        if (makes && !ofBase && callee.klass != kNone)
          constructed[callee.klass] = true;
      }
  }
}

bool Hierarchy::overridesMethod(FunctionId m, FunctionId base, unsigned depth) const {
  if (m == base)
    return true;
  for (FunctionId o : program.function(m).overrides)
    if (depth < 32 && overridesMethod(o, base, depth + 1))
      return true;
  return false;
}

FunctionId Hierarchy::targetIn(ClassId c, FunctionId method) const {
  for (FunctionId m : classMethods[c])
    if (overridesMethod(m, method))
      return m;
  for (ClassId b : program.klass(c).bases)
    if (FunctionId m = targetIn(b, method); m != kNone)
      return m;
  return kNone;
}

void Hierarchy::collectDerived(ClassId c, std::vector<ClassId> &out) const {
  if (std::find(out.begin(), out.end(), c) != out.end())
    return;
  out.push_back(c);
  for (ClassId d : derived[c])
    collectDerived(d, out);
}

const std::vector<FunctionId> &Hierarchy::targets(FunctionId method) const {
  std::lock_guard guard(lock);
  auto [it, isNew] = cache.try_emplace(method);
  std::vector<FunctionId> &found = it->second;
  ClassId owner = program.function(method).klass;
  if (!isNew || owner == kNone)
    return found;
  std::vector<ClassId> classes;
  collectDerived(owner, classes);
  bool any = std::any_of(classes.begin(), classes.end(), [&](ClassId c) { return constructed[c]; });
  for (ClassId c : classes)
    if (!any || constructed[c])
      if (FunctionId m = targetIn(c, method); m != kNone && !program.function(m).ir->isPure)
        found.push_back(m);
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

FunctionId Hierarchy::callOperator(ClassId c) const {
  FunctionId found = kNone;
  for (FunctionId m : classMethods[c]) {
    const FunctionEntry &e = program.function(m);
    bool isCall = e.ir->kind == ir::FunctionKind::Lambda || e.ir->pattern.ends_with("::operator()");
    if (!isCall || !e.hasBody())
      continue;
    if (found != kNone)
      return kNone;
    found = m;
  }
  return found;
}

} // namespace gordian::link
