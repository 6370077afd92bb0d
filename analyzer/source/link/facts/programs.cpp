// SPDX-License-Identifier: MIT
#include "source/link/facts/programs.h"

namespace gordian::link {

constexpr size_t kMostPrograms = 40;

Programs::Programs(const Context &c) : context(c), sets(c.program.functions().size()) {
  for (FunctionId f = 0; f < sets.size(); ++f)
    if (context.program.function(f).hasBody() && context.program.function(f).ir->name == "main")
      mains.push_back(f);
  if (mains.size() > 1 && mains.size() <= kMostPrograms)
    linkUnits();
}

/// Inline functions and templates come with whoever uses them: they need no unit.
void Programs::linkUnits() {
  const Program &program = context.program;
  std::vector<std::set<UnitId>> needs(program.unitCount());
  for (UnitId u = 0; u < program.unitCount(); ++u) {
    const ir::Unit &unit = program.unit(u);
    for (ir::Id n = 0; n < unit.functions.size(); ++n)
      if (const FunctionEntry &e = program.function(program.functionIn(u, n));
          e.ir->linkage == ir::Linkage::External && e.ir->defined)
        needs[u].insert(e.unit);
    for (ir::Id n = 0; n < unit.globals.size(); ++n)
      if (const GlobalEntry &g = program.global(program.globalIn(u, n));
          g.ir->linkage == ir::Linkage::External && g.ir->defined && !unit.globals[n].defined)
        needs[u].insert(g.unit);
  }
  units.assign(program.unitCount(), 0);
  for (size_t m = 0; m < mains.size(); ++m) {
    Set bit = Set(2) << m;
    std::vector<UnitId> open = {program.function(mains[m]).unit};
    while (!open.empty()) {
      UnitId u = open.back();
      open.pop_back();
      if (units[u] & bit)
        continue;
      units[u] |= bit;
      open.insert(open.end(), needs[u].begin(), needs[u].end());
    }
  }
  for (Set &s : units)
    s = s ? s | 1 : ~Set(0); // what is not here may use any
}

void Programs::start(FunctionId f, Start how) {
  if (units.empty())
    return;
  Set s = how == Start::Outside ? units[context.program.function(f).unit] : how == Start::Nobody;
  for (size_t m = 0; m < mains.size(); ++m)
    if (mains[m] == f)
      s |= Set(2) << m;
  add(f, s);
}

void Programs::add(FunctionId f, Set more) {
  Set with = sets[f] | (more & units[context.program.function(f).unit]);
  if (with != sets[f])
    work.push_back(f);
  sets[f] = with;
}

void Programs::spread() {
  while (!work.empty()) {
    FunctionId f = work.back();
    work.pop_back();
    Set from = sets[f];
    for (const CallEvent &e : context.events[f].calls)
      for (FunctionId t : e.targets)
        add(t, from);
    for (const SpawnEvent &e : context.events[f].spawns)
      for (FunctionId t : e.targets)
        add(t, from);
  }
}

} // namespace gordian::link
