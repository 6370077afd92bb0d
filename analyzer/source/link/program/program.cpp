// SPDX-License-Identifier: MIT
#include "source/link/program/program.h"

namespace gordian::link {

Program::Program(std::vector<ir::Unit> lowered, const Tables &t) : tables(t), units(std::move(lowered)) {
  maps.resize(units.size());
  joinClasses();
  joinGlobals();
  joinFunctions();
  resolveOverrides();
}

void Program::joinClasses() {
  for (UnitId u = 0; u < units.size(); ++u)
    for (const ir::Class &c : units[u].classes) {
      auto [it, isNew] = classesByKey.try_emplace(c.key, static_cast<ClassId>(classEntries.size()));
      if (isNew)
        classEntries.push_back({u, &c, {}});
      else if (!classEntries[it->second].ir->complete && c.complete)
        classEntries[it->second] = {u, &c, {}};
      maps[u].classes.push_back(it->second);
    }
  for (ClassEntry &c : classEntries)
    for (const ir::Base &b : c.ir->bases)
      if (b.klass != kNone)
        c.bases.push_back(maps[c.unit].classes[b.klass]);
}

void Program::joinGlobals() {
  for (UnitId u = 0; u < units.size(); ++u)
    for (const ir::Global &g : units[u].globals) {
      auto [it, isNew] = globalsByKey.try_emplace(g.key, static_cast<GlobalId>(globalEntries.size()));
      if (isNew)
        globalEntries.push_back({u, &g});
      else if (!globalEntries[it->second].ir->defined && g.defined)
        globalEntries[it->second] = {u, &g};
      maps[u].globals.push_back(it->second);
    }
}

/// An existing entry that `f` may share, or a new one.
FunctionId Program::variantFor(UnitId u, const ir::Function &f) {
  std::vector<FunctionId> &variants = functionsByKey[f.key];
  bool body = f.defined && !f.blocks.empty();
  for (FunctionId id : variants) {
    FunctionEntry &e = functionEntries[id];
    bool known = e.ir->defined && !e.ir->blocks.empty();
    if (!body || !known || f.linkage == ir::Linkage::Weak) {
      if (body && !known) {
        e.unit = u;
        e.ir = &f;
      }
      return id;
    }
  }
  variants.push_back(static_cast<FunctionId>(functionEntries.size()));
  functionEntries.push_back({u, &f, nullptr, kNone, {}});
  return variants.back();
}

void Program::joinFunctions() {
  for (UnitId u = 0; u < units.size(); ++u)
    for (const ir::Function &f : units[u].functions)
      maps[u].functions.push_back(variantFor(u, f));
  // A unit that only declares a function with several definitions means the one of its own target.
  for (UnitId u = 0; u < units.size(); ++u)
    for (size_t n = 0; n < units[u].functions.size(); ++n) {
      const ir::Function &f = units[u].functions[n];
      if (f.defined && !f.blocks.empty())
        continue;
      for (FunctionId id : functionsByKey[f.key])
        if (!units[u].target.empty() && units[functionEntries[id].unit].target == units[u].target) {
          maps[u].functions[n] = id;
          break;
        }
    }
  for (FunctionEntry &e : functionEntries) {
    e.row = tables.find(units[e.unit], *e.ir);
    e.klass = classIn(e.unit, e.ir->klass);
  }
}

void Program::resolveOverrides() {
  for (FunctionEntry &e : functionEntries)
    for (const std::string &key : e.ir->overrides)
      if (FunctionId base = functionByKey(key); base != kNone)
        e.overrides.push_back(base);
}

FunctionId Program::functionByKey(const std::string &key) const {
  auto it = functionsByKey.find(key);
  return it == functionsByKey.end() ? kNone : it->second.front();
}

ir::Id Program::pointee(UnitId u, ir::Id t) const {
  const std::vector<ir::Type> &types = units[u].types;
  // Bounded: a damaged file may hold a type that points to itself.
  for (int n = 0; t != kNone && n < 16; ++n) {
    ir::TypeKind k = types[t].kind;
    if (k != ir::TypeKind::Pointer && k != ir::TypeKind::Reference && k != ir::TypeKind::Array)
      return t;
    t = types[t].element;
  }
  return kNone;
}

ClassId Program::classOfType(UnitId u, ir::Id t) const {
  t = pointee(u, t);
  return t == kNone ? kNone : classIn(u, units[u].types[t].klass);
}

Location Program::location(const Place &p) const {
  if (p.unit == kNone || p.loc.file == kNone)
    return {};
  return {units[p.unit].files[p.loc.file].path, p.loc.line, p.loc.column};
}

bool Program::derivesFrom(ClassId derived, ClassId base) const {
  if (derived == base)
    return true;
  for (ClassId b : classEntries[derived].bases)
    if (b != derived && derivesFrom(b, base))
      return true;
  return false;
}

} // namespace gordian::link
