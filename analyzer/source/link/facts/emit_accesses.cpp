// SPDX-License-Identifier: MIT
//
// Accesses to variables that threads may share: globals, fields of objects that are not under construction,
// locals that another function reaches through a capture. Left out are constants, thread-locals, closures,
// locks and alike, and variables that nobody writes or that only one place touches.
#include "source/link/facts/emitter.h"

#include <algorithm>

namespace gordian::link {

/// Accesses of one variable; a field that is used everywhere tells no more by its thousandth use.
constexpr size_t kMaxAccesses = 256;

uint32_t Emitter::variableNumber(NameId n) {
  n = identity.finalName(n);
  auto [it, isNew] = variables.try_emplace(n, static_cast<uint32_t>(facts.variables.size()));
  if (isNew) {
    const Name &name = identity.name(n);
    facts::Variable v;
    v.subject = {name.text, name.key, name.type, name.declaration};
    v.manyInstances = name.many;
    facts.variables.push_back(std::move(v));
    variableNames.push_back(n);
  }
  return it->second;
}

void Emitter::emitAccesses(const Scene &s) {
  if (context.program.function(s.function).ir->isSystem)
    return;
  for (const AccessEvent &e : s.events.accesses) {
    bool constructing =
        e.constructing || (s.context.constructing && syms.kind(syms.rootOf(e.address)) == SymKind::Param &&
                           syms.node(syms.rootOf(e.address)).a == 0);
    if (constructing || isDoubtful(e))
      continue;
    if (syms.kind(e.address) == SymKind::Field && context.program.klass(syms.node(e.address).b).ir->isLambda)
      continue;
    Named n = named(e.address, s);
    if (n.name == kNone)
      continue;
    const Name &name = identity.name(n.name);
    if (name.isConst || name.threadLocal || name.isSync || name.isSystem)
      continue;
    Objects objects;
    facts::Access a;
    a.variable = variableNumber(n.name);
    a.write = e.write;
    a.atomic = e.atomic || name.isAtomic;
    a.object = objects.number(n.object);
    a.held = heldList(e.held, s, objects);
    a.witness.push_back(
        steps.make(e.write ? StepKind::Write : StepKind::Read, -1, Mode::Exclusive, e.witness));
    a.context = factContext(s, e, name.many);
    a.function = a.witness.back().function;
    facts.accesses.push_back(std::move(a));
  }
}

void Emitter::selectAccesses() {
  // Variables are numbered when first met; two numbers may turn out to be one name.
  std::map<uint32_t, uint32_t> same;
  for (uint32_t v = 0; v < variableNames.size(); ++v) {
    NameId last = identity.finalName(variableNames[v]);
    same[v] = variables.try_emplace(last, v).first->second;
  }
  for (facts::Access &a : facts.accesses)
    a.variable = same[a.variable];
  for (facts::Wait &w : facts.waits)
    for (uint32_t &v : w.predicate)
      v = same[v];
  for (facts::Notify &n : facts.notifies)
    for (auto &write : n.unguardedWrites)
      write.first = same[write.first];
  struct Use {
    size_t count = 0;
    bool written = false;
    std::set<Location> places;
  };
  std::map<uint32_t, Use> uses;
  for (const facts::Access &a : facts.accesses) {
    Use &u = uses[a.variable];
    u.written = u.written || a.write;
    if (u.places.size() < 2)
      u.places.insert(a.witness.back().location);
  }
  std::erase_if(facts.accesses, [&](const facts::Access &a) {
    Use &u = uses[a.variable];
    return !u.written || ++u.count > kMaxAccesses;
  });
}

} // namespace gordian::link
