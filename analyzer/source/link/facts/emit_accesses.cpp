// SPDX-License-Identifier: MIT
//
// Accesses to variables that threads may share: globals, fields of objects, locals that another thread
// reaches. Left out are constants, thread-locals, closures, locks and alike, variables that nobody writes,
// and what happens before an object is shared or after:
//   - in its constructor and destructor and what they call on it, in the function that initialises its lock,
//     on a new object before a thread is started,
//   - in the function that destroys its lock: after the threads are joined, or if it does not take the lock,
//   - by main while no thread is running,
//   - under a once flag (everybody else passes the flag first).
// Errs: may miss, where the object was published in between, where a reader does not pass the once flag.
#include "source/link/facts/emitter.h"

#include <algorithm>

namespace gordian::link {

/// Whether the calls of a context give parameter `p` the object of the first one, or another member of it.
bool Emitter::isOfFirst(uint32_t p, const CallContext &c) const {
  if (p == 0)
    return true;
  return p < c.binding.size() && c.binding[p] != kNoSym && c.binding[0] != kNoSym &&
         objectOf(syms, c.binding[p]) == objectOf(syms, c.binding[0]);
}

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
    v.owner = name.owner;
    facts.variables.push_back(std::move(v));
    variableNames.push_back(n);
  }
  return it->second;
}

/// Whether the function has another one initialise a lock of `object`, which it hands over by its address.
bool Emitter::initialisesThrough(Sym object, const Scene &s) const {
  if (!s.context.live.empty())
    return false;
  for (const CallEvent &call : s.events.calls)
    for (FunctionId f : call.targets)
      for (const KindEvent &k : context.events[f].kinds) {
        uint32_t n = syms.kind(k.path) == SymKind::Param ? syms.node(k.path).a : kNone;
        if (n < call.args.size() && call.args[n] != kNoSym && syms.kind(call.args[n]) == SymKind::Field &&
            objectOf(syms, call.args[n]) == object)
          return true;
      }
  return false;
}

bool Emitter::isBuilding(const AccessEvent &e, const Scene &s) const {
  // Whom a destructor joins may be at work until then.
  bool joins = std::any_of(s.events.waits.begin(), s.events.waits.end(), [&](const WaitEvent &w) {
    return w.wait.kind == BlockingWait::Kind::Join && w.site > e.site && w.ownWait &&
           syms.rootOf(w.wait.object) == syms.rootOf(e.address);
  });
  if (joins && context.program.function(s.function).ir->kind == ir::FunctionKind::Destructor)
    return false;
  if (e.constructing)
    return true;
  Sym root = syms.rootOf(e.address), object = objectOf(syms, e.address);
  if (s.context.phase.constructing && syms.kind(root) == SymKind::Param &&
      isOfFirst(syms.node(root).a, s.context))
    return true;
  if (!s.events.threadSets[e.threads].empty())
    return false;
  if (initialisesThrough(object, s))
    return true;
  // Who initialises an object's lock has it for himself; globals are there for those that run already.
  return std::any_of(s.events.kinds.begin(), s.events.kinds.end(), [&](const KindEvent &k) {
    bool global = syms.kind(syms.rootOf(k.path)) == SymKind::Global;
    return (objectOf(syms, k.path) == object && (!global || s.context.live.empty())) ||
           (global && syms.kind(root) == SymKind::Global && s.context.live.empty());
  });
}

/// Whether a way leads from `from` to the function's end past `around`: `if (--refs == 0) destroy`.
static bool canAvoid(const ir::Function &f, uint32_t from, uint32_t around) {
  std::vector<uint32_t> starts;
  for (uint32_t start = 0; const ir::Block &b : f.blocks) {
    starts.push_back(start);
    start += static_cast<uint32_t>(b.insts.size()) + 1;
  }
  auto blockOf = [&](uint32_t site) {
    return static_cast<ir::Id>(std::upper_bound(starts.begin(), starts.end(), site) - starts.begin() - 1);
  };
  std::vector<ir::Id> way = {blockOf(from)};
  for (size_t n = 0; n < way.size(); ++n) {
    if (way[n] == blockOf(around))
      continue;
    const ir::Terminator &t = f.blocks[way[n]].term;
    if (t.kind == ir::TermKind::Return)
      return true;
    for (ir::Id next : t.successors)
      if (std::find(way.begin(), way.end(), next) == way.end())
        way.push_back(next);
  }
  return false;
}

bool Emitter::isEnding(const AccessEvent &e, const Scene &s) const {
  bool joined = false, joins = false;
  for (const WaitEvent &w : s.events.waits)
    if (w.wait.kind == BlockingWait::Kind::Join) {
      joins = true;
      joined = joined || w.site < e.site;
    }
  for (const auto &[lock, site] : s.events.destroyed) {
    bool same = objectOf(syms, lock) == objectOf(syms, e.address) ||
                (syms.kind(syms.rootOf(lock)) == SymKind::Global &&
                 syms.kind(syms.rootOf(e.address)) == SymKind::Global);
    bool takes = std::any_of(s.events.acquires.begin(), s.events.acquires.end(),
                             [&, l = lock](const AcquireEvent &a) { return a.path == l; });
    bool counted = e.write && canAvoid(*context.program.function(s.function).ir, e.site, site);
    if (same && (joined || site < e.site || (!joins && !takes && !counted)))
      return true;
  }
  return false;
}

static bool isUnderOnce(const AccessEvent &e, const CallContext &c) {
  auto once = [](const auto &h) { return h.kind == facts::LockKind::Once; };
  return std::any_of(e.held.begin(), e.held.end(), once) || std::any_of(c.held.begin(), c.held.end(), once);
}

/// In a program that starts threads, by main while none is running: no other thread can conflict.
bool Emitter::isBeforeThreads(const AccessEvent &e, const Scene &s) const {
  return s.context.phase.alone && s.events.threadSets[e.threads].empty() && !contexts.spawns().empty();
}

/// A local variable, and what only a local pointer leads to, is shared once something touches it in a thread
/// that its function does not run in.
void Emitter::noteLocal(const Named &n, const Scene &s) {
  Sym root = syms.rootOf(n.path);
  while (syms.kind(root) == SymKind::Load)
    root = syms.rootOf(syms.node(root).a);
  bool local = syms.kind(root) == SymKind::Local;
  accessLocals.push_back(local ? root : kNoSym);
  if (!local || sharedLocals.count(root))
    return;
  RootSet owners;
  for (ContextNumber c : contexts.of(syms.node(root).a))
    owners.insert(*contexts.all()[c].roots);
  if (!owners.includes(*s.context.roots))
    sharedLocals.insert(root);
}

void Emitter::emitAccesses(const Scene &s) {
  if (context.program.function(s.function).ir->isSystem)
    return;
  for (const AccessEvent &e : s.events.accesses) {
    if (isDoubtful(e) || isBuilding(e, s) || isEnding(e, s) || isUnderOnce(e, s.context) ||
        isBeforeThreads(e, s))
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
    a.held = heldList(e.held, e, s, objects);
    for (facts::Held &h : a.held)
      if (h.object && h.object != a.object && syms.mentions(n.path, objects.object(h.object)))
        h.relation = facts::Relation::ChildOf;
    a.witness.push_back(
        steps.make(e.write ? StepKind::Write : StepKind::Read, -1, Mode::Exclusive, e.witness));
    a.context = factContext(s, e, name.many, name.localOf);
    a.instance = s.function;
    a.byMain = s.context.has(Root::Kind::Main);
    // What makes the variable comes there itself.
    a.near = name.localOf == s.function || threadReach.isNear(s.function);
    a.function = a.witness.back().function;
    facts.accesses.push_back(std::move(a));
    noteLocal(n, s);
  }
}

void Emitter::selectAccesses() {
  size_t kept = 0;
  for (size_t n = 0; n < facts.accesses.size(); ++n)
    if (accessLocals[n] == kNoSym || sharedLocals.count(accessLocals[n])) {
      if (kept != n)
        facts.accesses[kept] = std::move(facts.accesses[n]);
      ++kept;
    }
  facts.accesses.resize(kept);
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
