// SPDX-License-Identifier: MIT
#include "source/link/facts/contexts.h"
#include "source/link/callgraph/components.h"
#include "source/link/summary/locks.h"
#include "source/link/summary/made_here.h"

#include <algorithm>

namespace gordian::link {

/// Groups of calls that are told apart, and how long a bound parameter may be.
constexpr size_t kMaxContexts = 6;
constexpr unsigned kMaxFields = 4;

Contexts::Contexts(Context &c, Identity &i)
    : context(c), identity(i), syms(c.syms), programSets(c), byFunction(c.program.functions().size()),
      callers(c.program.functions().size()), ranks(c.program.functions().size(), 0) {
  const auto &parts = c.graph.components();
  for (uint32_t n = 0; n < parts.size(); ++n)
    for (FunctionId f : parts[n])
      ranks[f] = static_cast<uint32_t>(parts.size()) - n;
  indexCallers();
  findRoots();
  programSets.spread();
  propagate();
}

void Contexts::indexCallers() {
  tested.resize(context.events.size());
  for (FunctionId f = 0; f < context.events.size(); ++f) {
    const FunctionEvents &events = context.events[f];
    auto note = [&](const auto &list) {
      for (const auto &e : list)
        for (const Atom &a : e.params)
          tested[f].insert(syms.node(a.left).a);
    };
    note(events.acquires), note(events.reacquires), note(events.releases), note(events.waits);
    note(events.notifies), note(events.accesses), note(events.calls), note(events.exits);
    for (uint32_t n = 0; n < events.calls.size(); ++n)
      for (FunctionId t : events.calls[n].targets)
        if (t != f || events.calls[n].targets.size() == 1)
          callers[t].push_back({f, n});
    for (const SpawnEvent &e : events.spawns)
      if (spawnTargets.try_emplace({f, e.site}, e.targets).second)
        for (FunctionId t : e.targets)
          starts[t].push_back({f, e.site});
  }
}

// ---------------------------------------------------------------- roots

bool Contexts::isCallableFromOutside(FunctionId f) const {
  const ir::Function &fn = *context.program.function(f).ir;
  if (fn.isSystem || fn.kind == ir::FunctionKind::Lambda || fn.kind == ir::FunctionKind::GlobalInit)
    return false;
  return fn.isPublic && (fn.linkage == ir::Linkage::External || fn.linkage == ir::Linkage::Weak);
}

void Contexts::addRoot(Root r, std::vector<Sym> binding) {
  ContextNumber n = contextFor(r.function, std::move(binding), {.alone = r.kind == Root::Kind::Main});
  rootContexts.push_back({n, static_cast<uint32_t>(rootList.size())});
  rootList.push_back(r);
  if (r.kind != Root::Kind::Thread)
    programSets.start(r.function, r.kind == Root::Kind::Main     ? Programs::Start::Main
                                  : r.kind == Root::Kind::Unused ? Programs::Start::Nobody
                                                                 : Programs::Start::Outside);
  work.insert({ranks[r.function], n});
}

/// Another object in each round: an element at a changing index, a new object, what a call or the loop itself
/// gives.
bool Contexts::isMadeInLoop(Sym s) const {
  SymKind k = syms.kind(s);
  if (k == SymKind::Element)
    return static_cast<Sym>(syms.node(s).n) == kNoSym ||
           syms.kind(static_cast<Sym>(syms.node(s).n)) != SymKind::Integer;
  if (k == SymKind::Field || k == SymKind::Load || k == SymKind::Slot)
    return isMadeInLoop(syms.node(s).a);
  return k == SymKind::Alloc || k == SymKind::Phi || k == SymKind::Result || k == SymKind::FromCall;
}

/// What all threads of a function get as their arguments, as far as each is one variable.
std::vector<Sym> Contexts::givenToThreads(FunctionId f) const {
  const FunctionEntry &entry = context.program.function(f);
  if (entry.ir->kind == ir::FunctionKind::Lambda)
    return {};
  std::vector<Sym> out;
  for (uint32_t n = 0; n < entry.ir->params.size(); ++n) {
    // What is not a reference behind the first one may be a copy.
    ir::Id type = entry.ir->params[n].type;
    bool refers = n == 0 || (type != kNone &&
                             context.program.unit(entry.unit).types[type].kind == ir::TypeKind::Reference);
    out.push_back(refers ? givenToThreads(f, n) : kNoSym);
  }
  return out;
}

Sym Contexts::givenToThreads(FunctionId f, uint32_t n) const {
  Sym given = kNoSym;
  for (const SpawnSite &site : starts.at(f))
    for (const SpawnEvent &e : context.events[site.first].spawns) {
      if (e.site != site.second || std::find(e.targets.begin(), e.targets.end(), f) == e.targets.end())
        continue;
      if (n >= e.args.size() || e.args[n] == kNoSym || e.targets.size() != 1)
        return kNoSym;
      Sym arg = syms.withoutVersions(e.args[n]);
      SymKind root = syms.kind(objectOf(syms, arg));
      if ((root != SymKind::Global && root != SymKind::Local) || (given != kNoSym && given != arg))
        return kNoSym;
      given = arg;
    }
  return given;
}

void Contexts::findRoots() {
  std::set<FunctionId> shares;
  for (const FunctionEvents &events : context.events)
    for (const SpawnEvent &e : events.spawns)
      for (FunctionId t : e.targets)
        if (!e.many || e.args.empty() || !isMadeInLoop(e.args[0]))
          shares.insert(t);
  for (FunctionId f = 0; f < callers.size(); ++f)
    if (context.program.function(f).hasBody() && context.program.function(f).ir->name == "main")
      ++mainCount;
  for (FunctionId f = 0; f < callers.size(); ++f) {
    const FunctionEntry &e = context.program.function(f);
    if (!e.hasBody() || !context.summaries[f].known)
      continue;
    bool alone =
        std::all_of(callers[f].begin(), callers[f].end(), [&](const Caller &c) { return c.function == f; });
    if (e.ir->name == "main") {
      addRoot({Root::Kind::Main, f, false});
    } else if (e.ir->kind == ir::FunctionKind::GlobalInit) {
      addRoot({Root::Kind::Initialiser, f, false});
    } else if (starts.count(f)) {
      addRoot({Root::Kind::Thread, f, !shares.count(f)}, givenToThreads(f));
    } else if (!mainCount && isCallableFromOutside(f)) {
      addRoot({Root::Kind::Entry, f, false});
      entries.insert(f);
    } else if (alone) {
      // In a whole program nobody calls it, unless its address went somewhere.
      bool known = mainCount && !context.flow.addressTaken()[f];
      addRoot({known ? Root::Kind::Unused : Root::Kind::Entry, f, false});
      entries.insert(f);
    }
  }
}

// ---------------------------------------------------------------- contexts

ContextNumber Contexts::contextFor(FunctionId f, std::vector<Sym> binding, Phase phase) {
  if (std::all_of(binding.begin(), binding.end(), [](Sym s) { return s == kNoSym; }))
    binding.clear();
  if (!binding.empty() && byFunction[f].size() >= kMaxContexts && !numbers.count({f, binding, phase}))
    binding.clear();
  auto [it, isNew] = numbers.try_emplace({f, binding, phase}, static_cast<ContextNumber>(contexts.size()));
  if (isNew) {
    CallContext c;
    c.function = f;
    c.binding = std::move(binding);
    c.phase = phase;
    contexts.push_back(std::move(c));
    byFunction[f].push_back(it->second);
  }
  return it->second;
}

Sym Contexts::bound(Sym path, const CallContext &c) const {
  if (c.binding.empty() || path == kNoSym)
    return path;
  if (syms.kind(path) == SymKind::Param) {
    uint32_t n = syms.node(path).a;
    return n < c.binding.size() && c.binding[n] != kNoSym ? c.binding[n] : path;
  }
  return syms.rebuild(path, [&](Sym x) { return bound(x, c); });
}

bool Contexts::excludes(const CallContext &c, const Happening &h) const {
  for (const Atom &a : h.params) {
    Sym value = bound(a.left, c);
    if (value == a.left)
      continue;
    Sym decided = syms.compare(a.predicate, value, a.right);
    if (syms.kind(decided) == SymKind::Integer && syms.node(decided).n == 0)
      return true;
  }
  return false;
}

/// What the arguments of a call say about the callee's parameters: only named variables and members of
/// objects count.
std::vector<Sym> Contexts::bindingOf(const CallContext &from, const CallEvent &call,
                                     FunctionId target) const {
  size_t count = context.program.function(target).ir->params.size();
  std::vector<Sym> out(count, kNoSym), objects;
  for (size_t n = 0; n < count && n < call.args.size(); ++n) {
    if (call.args[n] == kNoSym)
      continue;
    if (tested[target].count(static_cast<uint32_t>(n))) {
      Sym given = bound(call.args[n], from);
      if (syms.kind(given) == SymKind::Integer || syms.kind(given) == SymKind::Null) {
        out[n] = given;
        continue;
      }
    }
    Sym value = identity.resolved(bound(call.args[n], from), from.function);
    Sym object = value;
    unsigned fields = 0;
    // A member, or an element that a constant names.
    auto part = [&](const SymNode &node) {
      return node.kind == SymKind::Field ||
             (node.kind == SymKind::Element && static_cast<Sym>(node.n) != kNoSym &&
              syms.kind(static_cast<Sym>(node.n)) == SymKind::Integer);
    };
    while (part(syms.node(object))) {
      object = syms.node(object).a;
      ++fields;
    }
    if (fields > kMaxFields || syms.isVague(value))
      continue;
    SymKind kind = syms.kind(object);
    if (kind == SymKind::Global || kind == SymKind::Local) {
      out[n] = value;
    } else if (fields > 0) {
      // A member of some object: the objects of one call are numbered.
      auto at = std::find(objects.begin(), objects.end(), object);
      uint32_t number = static_cast<uint32_t>(at - objects.begin());
      if (at == objects.end())
        objects.push_back(object);
      out[n] = syms.replaced(value, object, syms.unknown(kNone, kHeadSite | 5, number));
    } else {
      out[n] = identity.asCaptured(value, from.function);
    }
  }
  return out;
}

bool Contexts::isReleased(const HeldAtEntry &held, const Happening &at, const CallContext &c) const {
  return std::any_of(at.released.begin(), at.released.end(), [&](Sym r) {
    // Through a guard that was handed over: it may be any of them (may miss).
    if (syms.kind(r) == SymKind::Load && syms.kind(syms.node(r).a) == SymKind::Slot)
      return true;
    return held.path != kNoSym ? syms.withoutVersions(r) == held.path
                               : identity.of(bound(r, c), c.function, false).name == held.name;
  });
}

/// The locks that are held at a call, in the callee's frame where the arguments say how to name them.
std::vector<HeldAtEntry> Contexts::heldAt(const CallContext &from, const CallEvent &call, FunctionId target) {
  std::vector<HeldAtEntry> out;
  size_t params = context.program.function(target).ir->params.size();
  auto add = [&](Sym path, Mode mode, facts::LockKind kind, WitnessId acquired, NameId name,
                 std::vector<std::pair<FunctionId, uint32_t>> calls) {
    constexpr size_t kMostCalls = 8;
    HeldAtEntry h;
    if (calls.size() < kMostCalls)
      calls.push_back({from.function, call.site});
    h.calls = std::move(calls);
    h.name = name;
    h.mode = mode;
    h.kind = kind;
    h.acquired = acquired;
    Sym plain = path == kNoSym ? kNoSym : syms.withoutVersions(path);
    if (plain != kNoSym && syms.kind(syms.rootOf(plain)) == SymKind::Global)
      h.path = plain;
    for (uint32_t n = 0; n < call.args.size() && n < params && plain != kNoSym && h.path == kNoSym; ++n)
      if (call.args[n] != kNoSym && !syms.isConstant(call.args[n]))
        if (Sym actual = syms.withoutVersions(call.args[n]); syms.mentions(plain, actual)) {
          Sym mapped = syms.replaced(plain, actual, syms.param(n));
          // Nothing of the caller's frame may be left.
          if (isVisible(syms, mapped))
            h.path = mapped;
        }
    if (h.name != kNone)
      out.push_back(h);
  };
  for (const HeldHere &h : call.held)
    if (h.must)
      add(h.path, h.mode, h.kind, h.acquired, identity.of(bound(h.path, from), from.function, false).name,
          {});
  for (const HeldAtEntry &h : from.held)
    if (!isReleased(h, call, from))
      add(h.path, h.mode, h.kind, h.acquired, h.name, h.calls);
  return out;
}

/// A function that others may call and that takes a lock itself is not meant for callers who hold it: those
/// in the program that do are a defect of their own.
void Contexts::dropTakenAgain(std::vector<HeldAtEntry> &held, FunctionId target) const {
  std::erase_if(held, [&](const HeldAtEntry &h) {
    const std::vector<Request> &requests = context.summaries[target].requests;
    return h.path != kNoSym && std::any_of(requests.begin(), requests.end(), [&](const Request &r) {
             auto isIt = [&](Sym s) { return syms.withoutVersions(s) == h.path; };
             return isIt(r.path) && r.waits == Waits::Forever && !r.ownerChecked && !r.takenBack &&
                    std::none_of(r.released.begin(), r.released.end(), isIt);
           });
  });
}

bool Contexts::meet(CallContext &into, const std::vector<HeldAtEntry> &held) const {
  if (!into.heldKnown) {
    into.heldKnown = true;
    into.held = held;
    return true;
  }
  bool changed = false;
  for (size_t n = 0; n < into.held.size();) {
    HeldAtEntry &h = into.held[n];
    auto byPath = std::find_if(held.begin(), held.end(), [&](const HeldAtEntry &x) {
      return x.mode == h.mode && x.path != kNoSym && x.path == h.path;
    });
    auto byName = std::find_if(held.begin(), held.end(),
                               [&](const HeldAtEntry &x) { return x.mode == h.mode && x.name == h.name; });
    if (byPath == held.end() && byName == held.end()) {
      into.held.erase(into.held.begin() + static_cast<long>(n));
      changed = true;
      continue;
    }
    if (byPath == held.end() && h.path != kNoSym) {
      h.path = kNoSym;
      changed = true;
    }
    ++n;
  }
  return changed;
}

std::set<SpawnSite> Contexts::liveAt(const CallContext &c, const Happening &h) const {
  std::set<SpawnSite> out = c.live;
  for (const LiveThread &t : context.events[c.function].threadSets[h.threads])
    out.insert({t.function, t.site});
  return out;
}

Sym objectOf(const Symbols &syms, Sym path) {
  while (syms.kind(path) == SymKind::Field)
    path = syms.node(path).a;
  return path;
}

bool isOfFirstParameter(const Symbols &syms, Sym path) {
  while (syms.kind(path) == SymKind::Field || syms.kind(path) == SymKind::Load)
    path = syms.node(path).a;
  return syms.kind(path) == SymKind::Param && syms.node(path).a == 0;
}

static bool buildsOrEnds(const ir::Function &f) {
  using ir::FunctionKind;
  return f.kind == FunctionKind::Constructor || f.kind == FunctionKind::CopyConstructor ||
         f.kind == FunctionKind::MoveConstructor || f.kind == FunctionKind::Destructor;
}

/// Whether the callee's object is one that no other thread knows.
bool Contexts::isConstructing(const CallContext &caller, const CallEvent &call) const {
  if (call.args.empty() || call.args[0] == kNoSym)
    return false;
  const FunctionEvents &events = context.events[caller.function];
  bool alone = caller.live.empty() && events.threadSets[call.threads].empty();
  Sym object = call.args[0];
  for (const KindEvent &e : events.kinds)
    if (alone && syms.kind(object) == SymKind::Param && objectOf(syms, e.path) == object)
      return true;
  // What hangs off an object that is being built was made for it, or came from outside as a parameter.
  while (syms.kind(object) == SymKind::Field || syms.kind(object) == SymKind::Load)
    object = syms.node(object).a;
  if (syms.kind(object) == SymKind::Alloc)
    return alone;
  return syms.kind(object) == SymKind::Param && syms.node(object).a == 0 &&
         (caller.phase.constructing || buildsOrEnds(*context.program.function(caller.function).ir));
}

/// Whether the callee's object is one that the caller has made and destroys here, or hangs off such a one.
bool Contexts::isUnshared(const CallContext &caller, const CallEvent &call) const {
  if (call.args.empty() || call.args[0] == kNoSym)
    return false;
  if (caller.phase.unshared && isOfFirstParameter(syms, call.args[0]))
    return true;
  auto ends = [&](FunctionId f) {
    return context.program.function(f).ir->kind == ir::FunctionKind::Destructor;
  };
  return std::all_of(call.targets.begin(), call.targets.end(), ends) &&
         context.events[caller.function].threadSets[call.threads].empty() &&
         MadeHere(syms, caller.function, *context.program.function(caller.function).ir).has(call.args[0]);
}

void Contexts::enter(ContextNumber from, const CallEvent &call) {
  std::set<SpawnSite> live = liveAt(contexts[from], call);
  Phase phase;
  phase.alone = contexts[from].phase.alone && live.empty();
  phase.constructing = isConstructing(contexts[from], call);
  phase.unshared = isUnshared(contexts[from], call);
  for (FunctionId target : call.targets) {
    if (!context.summaries[target].known)
      continue;
    if (!Programs::share(programSets.of(contexts[from].function), programSets.of(target)))
      continue;
    std::vector<HeldAtEntry> held = heldAt(contexts[from], call, target);
    if (entries.count(target))
      dropTakenAgain(held, target);
    size_t known = contexts.size();
    ContextNumber n = contextFor(target, bindingOf(contexts[from], call, target), phase);
    contexts[from].callees.push_back(n);
    CallContext &c = contexts[n];
    bool changed = n >= known;
    for (const SpawnSite &s : live)
      changed = c.live.insert(s).second || changed;
    changed = meet(c, held) || changed;
    if (changed)
      work.insert({ranks[target], n});
  }
}

void Contexts::spawnFrom(ContextNumber from) {
  for (const SpawnEvent &e : context.events[contexts[from].function].spawns) {
    SpawnSite site = {contexts[from].function, e.site};
    std::set<SpawnSite> live = liveAt(contexts[from], e);
    spawnLive[site].insert(live.begin(), live.end());
  }
}

/// Whether two of the roots are of one program.
bool Contexts::startedByTwo(const RootSet &from) const {
  Programs::Set once = 0;
  bool twice = false;
  from.forEach([&](uint32_t r) {
    Programs::Set s = programSets.of(rootList[r].function);
    s = s ? s : ~Programs::Set(0);
    twice = twice || (once & s);
    once |= s;
  });
  return twice;
}

/// One thread of it may run when another is started: it runs already, or what starts it may be at work
/// several times.
bool Contexts::mayRepeat(const SpawnSite &s) const {
  if (startsAgain(s))
    return true;
  RootSet from;
  for (ContextNumber n : byFunction[s.first])
    from.insert(*contexts[n].roots);
  if (startedByTwo(from))
    return true;
  bool many = false;
  from.forEach([&](uint32_t r) {
    const Root &root = rootList[r];
    // What nobody calls says something of a program that nothing else is known of.
    many = many || root.kind == Root::Kind::Entry || (root.kind == Root::Kind::Unused && from.size() == 1);
    if (root.kind == Root::Kind::Thread) {
      const auto &sites = starts.at(root.function);
      many = many || sites.size() > 1 || manySites.count(sites.front());
    }
  });
  return many;
}

void Contexts::findManySites() {
  for (bool changed = true; changed;) {
    changed = false;
    for (const auto &[site, targets] : spawnTargets)
      if (!manySites.count(site) && mayRepeat(site))
        changed = manySites.insert(site).second;
  }
}

void Contexts::visit(ContextNumber n) {
  contexts[n].callees.clear();
  for (const CallEvent &call : context.events[contexts[n].function].calls)
    if (!excludes(contexts[n], call))
      enter(n, call);
}

/// Those of the roots that are of one of the programs.
RootSet Contexts::ofProgram(const RootSet &roots, Programs::Set programs) {
  if (!programs)
    return roots;
  auto [it, isNew] = rootsOfPrograms.try_emplace(programs);
  if (isNew)
    for (uint32_t r = 0; r < rootList.size(); ++r)
      if (Programs::share(programSets.of(rootList[r].function), programs))
        it->second.insert(r);
  return roots.common(it->second);
}

/// From which roots each context is reached. A set is made once for each group of contexts that reach each
/// other, callers first.
void Contexts::spreadRoots() {
  std::vector<std::vector<uint32_t>> parts =
      componentsOf(contexts.size(), [&](ContextNumber n) -> const auto & { return contexts[n].callees; });
  std::vector<RootSet> reaching(contexts.size());
  for (const auto &[n, root] : rootContexts)
    reaching[n].insert(root);
  for (auto part = parts.rbegin(); part != parts.rend(); ++part) {
    RootSet all;
    for (ContextNumber n : *part)
      all.insert(std::exchange(reaching[n], {}));
    if (all.empty())
      continue;
    for (ContextNumber n : *part) {
      RootSet mine = ofProgram(all, programSets.of(contexts[n].function));
      if (mine.empty())
        continue;
      contexts[n].roots = &*rootSets.insert(std::move(mine)).first;
      contexts[n].roots->forEach(
          [&](uint32_t r) { contexts[n].rootKinds |= 1u << static_cast<unsigned>(rootList[r].kind); });
    }
    for (ContextNumber n : *part)
      for (ContextNumber callee : contexts[n].callees)
        if (contexts[n].roots && !contexts[callee].roots)
          reaching[callee].insert(ofProgram(*contexts[n].roots, programSets.of(contexts[callee].function)));
  }
}

/// What no root reaches was entered by a visit that knew less than the last one.
void Contexts::dropUnreached() {
  std::erase_if(contexts, [](const CallContext &c) { return !c.roots; });
  numbers.clear();
  for (std::vector<ContextNumber> &all : byFunction)
    all.clear();
  for (ContextNumber n = 0; n < contexts.size(); ++n)
    byFunction[contexts[n].function].push_back(n);
}

void Contexts::propagate() {
  // Locks held at entry only shrink, everything else only grows; callers first: most contexts are visited
  // once.
  size_t steps = 0, limit = 64 * (context.program.functions().size() + 1000);
  while (!work.empty() && steps++ < limit) {
    ContextNumber n = work.begin()->second;
    work.erase(work.begin());
    visit(n);
  }
  spreadRoots();
  dropUnreached();
  for (ContextNumber n = 0; n < contexts.size(); ++n) {
    bool outside = callers[contexts[n].function].empty();
    if (outside || !contexts[n].heldKnown)
      contexts[n].held.clear();
    spawnFrom(n);
  }
  findManySites();
}

} // namespace gordian::link
