// SPDX-License-Identifier: MIT
#include "source/link/facts/emitter.h"

#include <algorithm>

namespace gordian::link {

using facts::LockKind;
using facts::Relation;

Emitter::Emitter(Context &c)
    : context(c), syms(c.syms), identity(c), contexts(c, identity), steps(c),
      pointerCalls(c, contexts.programs()), conditionalWays(c), lostConditions(c),
      threadReach(c, contexts, pointerCalls), order(std::make_shared<SourceOrder>()) {}

facts::Facts Emitter::run() {
  collectKinds();
  collectHandovers();
  collectWakers();
  for (const CallContext &c : contexts.all()) {
    FunctionEvents room;
    Scene s = {c.function, c, eventsIn(c, room)};
    emitAcquires(s);
    emitReacquires(s);
    emitReleases(s);
    emitLeaks(s);
    emitWaits(s);
    emitNotifies(s);
    emitAccesses(s);
  }
  selectAccesses();
  emitHandOvers();
  orderDirections();
  judgeLinks();
  finish();
  return std::move(facts);
}

/// The events of a context's function that can happen in it; where some cannot, the others are put into
/// `room`.
const FunctionEvents &Emitter::eventsIn(const CallContext &c, FunctionEvents &room) const {
  if (c.binding.empty())
    return context.events[c.function];
  FunctionEvents &e = room = context.events[c.function];
  auto select = [&](auto &list) {
    std::erase_if(list, [&](const auto &x) { return contexts.excludes(c, x); });
  };
  select(e.acquires), select(e.reacquires), select(e.releases), select(e.waits), select(e.notifies);
  select(e.accesses), select(e.exits);
  return e;
}

// ---------------------------------------------------------------- parts of facts

uint32_t Emitter::Objects::number(Sym object) {
  if (object == kNoSym)
    return 0;
  auto it = std::find(seen.begin(), seen.end(), object);
  if (it == seen.end())
    it = seen.insert(it, object);
  return static_cast<uint32_t>(it - seen.begin()) + 1;
}

Named Emitter::named(Sym path, const Scene &s, bool counts) {
  return identity.of(contexts.bound(path, s.context), s.function, counts);
}

/// A path that the change of another thread explains is believed only if somebody does change it under a
/// lock.
bool Emitter::isDoubtful(const Happening &h) const {
  return h.doubt != kNoSym;
}

/// Of a way that is one only if what is not followed says so. `before`: the calls that lead there.
std::vector<Factor> Emitter::wayFactors(WitnessId way, const CallPath &before) const {
  constexpr double kPointer = 0.7, kVirtual = 0.7, kLastReference = 0.6;
  std::vector<Factor> out;
  if (pointerCalls.onWay(way) || pointerCalls.among(before))
    out.push_back({"a function pointer on the way may mean another function", kPointer});
  if (pointerCalls.onVirtualWay(way) || pointerCalls.amongVirtual(before))
    out.push_back({"the wrapped object on the way may be of another class", kVirtual});
  if (conditionalWays.byLastReference(way) || conditionalWays.byLastReference(before))
    out.push_back({"it happens only where the last reference is given up", kLastReference});
  return out;
}

/// A callee on the way to the acquisition leaves not the same held on all of its ways out: which of them was
/// taken is told by a result or an argument, and may be lost.
bool Emitter::isLeftBySome(WitnessId acquired) const {
  auto left = [](const Exit &e) {
    std::set<Sym> out;
    for (const LockDelta &d : e.locks)
      if (d.heldAfter && !d.heldBefore)
        out.insert(d.path);
    return out;
  };
  for (WitnessId w = acquired; w != kNone && context.witnesses[w].inner != kNone;
       w = context.witnesses[w].inner) {
    const Exit *first = nullptr;
    for (const Exit &e : context.summaries[context.witnesses[context.witnesses[w].inner].function].exits) {
      if (e.unwinds)
        continue;
      if (first && left(e) != left(*first))
        return true;
      first = &e;
    }
  }
  return false;
}

std::vector<Factor> Emitter::acquiredFactors(WitnessId acquired, const CallPath &before) const {
  constexpr double kLeftBySome = 0.7, kOnSomePaths = 0.7;
  std::vector<Factor> out = wayFactors(acquired, before);
  if (isLeftBySome(acquired))
    out.push_back({"a callee leaves it held on some of its ways out only", kLeftBySome});
  if (conditionalWays.bypassed(acquired))
    out.push_back({"it is taken on a condition that the rest may depend on", kOnSomePaths});
  return out;
}

Relation Emitter::relation(Between b, NameId a, NameId c) const {
  switch (b) {
  case Between::Same:
    return Relation::Same;
  case Between::Different:
    return Relation::Different;
  case Between::Ascending:
  case Between::Descending:
    return Relation::Ordered;
  case Between::ChildOf:
    return Relation::ChildOf;
  case Between::Unknown:
    break;
  }
  return Relation::Unknown;
}

facts::Held Emitter::held(const HeldHere &h, uint32_t site, const Scene &s, Objects &objects) {
  facts::Held out;
  Named n = named(h.path, s);
  out.lock = n.name;
  out.mode = h.mode;
  out.must = h.must;
  out.passed = h.passed;
  out.object = objects.number(n.object);
  if (n.name != kNone) {
    out.relation = relation(h.between, n.name, n.name);
    out.acquired.push_back(steps.make(StepKind::Acquire, static_cast<int>(n.name), h.mode, h.acquired));
    out.factors = heldFactors(h.acquired, site, s);
    noteKind(n.name, h.kind);
  }
  return out;
}

std::optional<facts::Held> Emitter::heldAtEntry(const HeldAtEntry &h, const Scene &s, Objects &objects) {
  facts::Held out;
  Named n;
  n.name = h.name;
  if (h.path != kNoSym)
    n = named(h.path, s);
  if (n.name == kNone)
    return std::nullopt;
  out.lock = n.name;
  out.mode = h.mode;
  out.object = objects.number(n.object);
  out.calls = static_cast<unsigned>(h.calls.size());
  out.factors = heldFactors(h);
  out.acquired.push_back(steps.make(StepKind::Acquire, static_cast<int>(n.name), h.mode, h.acquired));
  noteKind(n.name, h.kind);
  return out;
}

/// One name, or a variable's name and its class's: how the two relate is known in the callers' frames only,
/// where the event stands too.
bool Emitter::mayBeOne(NameId a, NameId b) const {
  return a == b || (b != kNone && (identity.name(a).generic == b || identity.name(b).generic == a));
}

/// What is held at an event: in the function, and by all its callers. `without`: the lock that the fact is
/// about.
std::vector<facts::Held> Emitter::heldList(const std::vector<HeldHere> &here, const Happening &at,
                                           const Scene &s, Objects &objects, NameId without) {
  std::vector<facts::Held> out;
  for (const HeldHere &h : here)
    if (facts::Held f = held(h, at.site, s, objects); f.lock != kNone && isReal(f.lock))
      out.push_back(std::move(f));
  for (const HeldAtEntry &h : s.context.held) {
    if (contexts.isReleased(h, at, s.context))
      continue;
    std::optional<facts::Held> f = heldAtEntry(h, s, objects);
    bool known = !f || !isReal(f->lock) || mayBeOne(f->lock, without) ||
                 std::any_of(out.begin(), out.end(), [&](const facts::Held &x) { return x.lock == f->lock; });
    if (!known)
      out.push_back(std::move(*f));
  }
  return out;
}

/// A semaphore is a lock only if it starts at one. A binary one whose start is not seen does so if whoever
/// posts it has waited for it. So is a variable of which some function gives back what it has taken.
bool Emitter::isReal(NameId n) const {
  if (WriteKey key = identity.name(n).handMade)
    return balancedSpins.count(key) != 0;
  auto it = kinds.find(n);
  bool semaphore = it != kinds.end() && it->second.count(LockKind::Semaphore);
  if (!semaphore)
    return true;
  auto initial = initialKinds.find(n);
  if (initial != initialKinds.end())
    return initial->second == std::set<LockKind>{LockKind::Semaphore};
  return identity.name(n).type.find("counting_semaphore<1>") != std::string::npos && balanced.count(n) &&
         !releasedForCaller.count(n);
}

/// A way to reach the fact for each place that starts the thread; of many places a few stand for all.
void Emitter::addThreads(std::vector<Reach> &all, const Root &root, bool alone) const {
  constexpr size_t kMaxPlaces = 4;
  const std::vector<SpawnSite> &places = contexts.startsOf(root.function);
  for (size_t n = 0; n < places.size() && n < kMaxPlaces; ++n)
    all.push_back({root.kind, root.function, places[n],
                   !alone && (contexts.startsMany(places[n]) || places.size() > kMaxPlaces),
                   contexts.startsAgain(places[n]), "thread " + rootName(root.function)});
}

/// The lambdas of one function share a name, so theirs comes with its place: "'main::lambda' (main.cpp:19)".
std::string Emitter::rootName(FunctionId f) const {
  const ir::Function &function = *context.program.function(f).ir;
  std::string name = "'" + function.name + "'";
  const ir::Unit &unit = context.program.unitOf(f);
  if (function.kind != ir::FunctionKind::Lambda || function.loc.file >= unit.files.size())
    return name;
  const std::string &file = unit.files[function.loc.file].path;
  return name + " (" + file.substr(file.rfind('/') + 1) + ":" + std::to_string(function.loc.line) + ")";
}

/// The ways that lead to a context. As to what runs beside it, entries of one program are all alike: the
/// first one stands for all; so it is with what is unused, and with initialisers.
const std::vector<Reach> &Emitter::reachesOf(const CallContext &c, bool alone) {
  auto [it, isNew] = knownReaches.try_emplace({c.roots, alone});
  if (!isNew)
    return it->second;
  std::map<std::pair<Root::Kind, Programs::Set>, FunctionId> first;
  c.roots->forEach([&](uint32_t r) {
    const Root &root = contexts.roots()[r];
    if (root.kind == Root::Kind::Thread)
      addThreads(it->second, root, alone && root.ownObjects);
    else if (auto [known, added] =
                 first.try_emplace({root.kind, contexts.programs().of(root.function)}, root.function);
             !added)
      known->second = std::min(known->second, root.function);
  });
  for (const auto &[kind, function] : first)
    it->second.push_back({kind.first, function, {}, false, false, rootName(function)});
  std::sort(it->second.begin(), it->second.end());
  return it->second;
}

/// The programs that have all functions on the way to an event.
Programs::Set Emitter::programsOf(WitnessId witness) const {
  Programs::Set all = ~Programs::Set(0);
  for (WitnessId w = witness; w != kNone; w = context.witnesses[w].inner)
    if (Programs::Set s = contexts.programs().of(context.witnesses[w].function))
      all &= s;
  return all;
}

uint32_t Emitter::factContext(const Scene &s, const Happening &h, bool ofObject, FunctionId localOf) {
  FactContext c;
  c.localOf = localOf;
  c.reaches = reachesOf(s.context, ofObject);
  std::erase_if(c.reaches, [&, possible = programsOf(h.witness)](const Reach &r) {
    Programs::Set of = contexts.programs().of(r.function);
    return of && !(of & possible);
  });
  c.running = s.context.live;
  for (const LiveThread &t : s.events.threadSets[h.threads])
    c.running.insert({t.function, t.site});
  auto [it, isNew] = contextNumbers.try_emplace(c, static_cast<uint32_t>(order->contexts.size()));
  if (isNew) {
    bool oneThread = !c.reaches.empty() && c.reaches[0].kind == Root::Kind::Thread &&
                     std::all_of(c.reaches.begin(), c.reaches.end(),
                                 [&](const Reach &r) { return r.function == c.reaches[0].function; });
    std::string label = oneThread ? c.reaches[0].name : "";
    if (localOf != kNone)
      for (ContextNumber n : contexts.of(localOf))
        contexts.all()[n].roots->forEach(
            [&](uint32_t r) { order->runBy[localOf].insert(contexts.roots()[r].function); });
    order->contexts.push_back(std::move(c));
    facts.contexts.push_back(label);
  }
  return it->second;
}

void Emitter::noteKind(NameId name, LockKind kind) {
  kinds[name].insert(kind);
}

// ---------------------------------------------------------------- the end

bool Emitter::startsInTurn(const SpawnSite &site) const {
  const std::vector<SpawnEvent> &spawns = context.events[site.first].spawns;
  const std::vector<ContextNumber> &all = contexts.of(site.first);
  return std::all_of(spawns.begin(), spawns.end(),
                     [&](const SpawnEvent &e) { return e.site != site.second || e.given; }) &&
         std::all_of(all.begin(), all.end(), [&](ContextNumber n) {
           const CallContext &c = contexts.all()[n];
           return c.hasOnly(Root::Kind::Main) && !c.live.count(site);
         });
}

/// For the paths from a thread's start to what it does.
void Emitter::fillCalls() {
  order->calls.resize(context.program.functions().size());
  for (FunctionId f = 0; f < order->calls.size(); ++f) {
    order->calls[f].name = steps.functionName(f);
    std::set<FunctionId> known;
    for (const CallEvent &e : context.events[f].calls)
      for (FunctionId t : e.targets)
        if (known.insert(t).second)
          order->calls[f].callees.push_back({t, steps.locationOf(f, e.site)});
  }
}

/// Threads that may run together, and what runs beside main.
void Emitter::fillOrder() {
  fillCalls();
  order->hasMain = contexts.hasMain();
  order->startsThreads = !contexts.spawns().empty();
  for (const Root &root : contexts.roots())
    order->programs.emplace(root.function, contexts.programs().of(root.function));
  std::map<uint32_t, std::set<SpawnSite>> startedFrom; // by root
  for (const auto &[site, targets] : contexts.spawns())
    for (ContextNumber n : contexts.of(site.first))
      contexts.all()[n].roots->forEach([&](uint32_t r) { startedFrom[r].insert(site); });
  for (const auto &[site, targets] : contexts.spawns())
    if (targets.size() > 1 && startsInTurn(site))
      order->inTurn.insert(site);
  auto both = [&](const SpawnSite &a, const SpawnSite &b) {
    if (a != b)
      order->together.insert(std::minmax(a, b));
  };
  for (const auto &[site, live] : contexts.liveAtSpawn())
    for (const SpawnSite &other : live)
      both(site, other);
  order->togetherInCall = order->together;
  // Threads that entries start: the entries are called in any order. What a thread starts runs beside it, and
  // beside what runs beside it.
  std::set<SpawnSite> free;
  std::map<SpawnSite, std::set<SpawnSite>> children;
  for (uint32_t r = 0; r < contexts.roots().size(); ++r) {
    const Root &root = contexts.roots()[r];
    const std::set<SpawnSite> &started = startedFrom[r];
    if (root.kind == Root::Kind::Entry || root.kind == Root::Kind::Unused)
      free.insert(started.begin(), started.end());
    else if (root.kind == Root::Kind::Thread)
      for (const SpawnSite &s : contexts.startsOf(root.function))
        for (const SpawnSite &child : started) {
          children[s].insert(child);
          both(s, child);
        }
  }
  for (const SpawnSite &a : free)
    for (const SpawnSite &b : free)
      both(a, b);
  for (std::set<std::pair<SpawnSite, SpawnSite>> *pairs : {&order->together, &order->togetherInCall})
    for (size_t known = ~size_t(0); known != pairs->size();) {
      known = pairs->size();
      for (const auto &[a, b] : std::set(*pairs))
        for (const auto &[parent, beside] : {std::pair(a, b), std::pair(b, a)})
          if (auto it = children.find(parent); it != children.end())
            for (const SpawnSite &child : it->second)
              if (beside != child)
                pairs->insert(std::minmax(beside, child));
    }
  for (bool changed = true; changed;) {
    changed = false;
    for (FactContext &c : order->contexts)
      for (const SpawnSite &t : std::set<SpawnSite>(c.running))
        if (auto it = children.find(t); it != children.end())
          for (const SpawnSite &u : it->second)
            changed = c.running.insert(u).second || changed;
  }
}

facts::Lock Emitter::lockOf(NameId n) const {
  const Name &name = identity.name(n);
  facts::Lock l;
  l.subject.name = name.text;
  l.subject.key = name.key;
  l.subject.declaration = name.declaration;
  l.manyInstances = name.many;
  l.owner = name.owner;
  l.internal = name.isSystem;
  l.subject.kind = name.type;
  return l;
}

/// What kind of lock a name is: what it was initialised as; else what the functions that are used on it say.
static LockKind settleKind(const std::set<LockKind> &initial, const std::set<LockKind> &used, bool checked) {
  if (checked)
    return LockKind::RecursiveMutex;
  if (initial.size() == 1)
    return *initial.begin();
  if (initial.size() > 1)
    return LockKind::Unknown;
  LockKind kind = LockKind::Mutex;
  for (LockKind k : used)
    if (k != LockKind::Mutex)
      kind = k;
  return kind;
}

void Emitter::finishLocks() {
  std::vector<uint32_t> map(identity.count(), facts::kNone);
  std::map<NameId, uint32_t> numbers;
  std::map<NameId, std::set<LockKind>> initial, used;
  std::set<NameId> checked;
  for (NameId n = 0; n < identity.count(); ++n) {
    NameId last = identity.finalName(n);
    if (auto it = initialKinds.find(n); it != initialKinds.end())
      initial[last].insert(it->second.begin(), it->second.end());
    if (auto it = kinds.find(n); it != kinds.end())
      used[last].insert(it->second.begin(), it->second.end());
    if (ownerChecked.count(n))
      checked.insert(last);
  }
  // A lock class initialises its locks alike, whoever they are a part of.
  std::map<Location, std::set<LockKind>> byField;
  for (const auto &[n, k] : initial)
    if (!identity.name(n).fields.empty())
      byField[identity.name(n).declaration].insert(k.begin(), k.end());
  for (NameId n = 0; n < identity.count(); ++n) {
    NameId last = identity.finalName(n);
    if (!kinds.count(n))
      continue;
    if (const Name &name = identity.name(last); !initial.count(last) && !name.fields.empty())
      if (auto it = byField.find(name.declaration); it != byField.end())
        initial[last] = it->second;
    auto [it, isNew] = numbers.try_emplace(last, static_cast<uint32_t>(facts.locks.size()));
    if (isNew) {
      facts.locks.push_back(lockOf(last));
      facts.locks.back().kind = settleKind(initial[last], used[last], checked.count(last) != 0);
    }
    map[n] = it->second;
  }
  remapLocks(map);
}

void Emitter::remapLocks(const std::vector<uint32_t> &map) {
  auto lock = [&](facts::LockId &l) {
    if (l != facts::kNone)
      l = map[l];
  };
  auto stepsOf = [&](std::vector<Step> &all) {
    for (Step &s : all)
      if (s.subject >= 0)
        s.subject = static_cast<int>(map[static_cast<size_t>(s.subject)]);
  };
  auto heldOf = [&](facts::Held &h) {
    lock(h.lock);
    stepsOf(h.acquired);
  };
  auto heldAll = [&](std::vector<facts::Held> &all) {
    for (facts::Held &h : all)
      heldOf(h);
  };
  auto acquire = [&](facts::Acquire &a) {
    lock(a.lock);
    heldAll(a.held);
    stepsOf(a.witness);
  };
  for (facts::Acquire &a : facts.acquires)
    acquire(a);
  for (facts::Reacquire &r : facts.reacquires) {
    lock(r.lock);
    heldOf(r.first);
    stepsOf(r.witness);
  }
  for (facts::BadRelease &b : facts.badReleases) {
    lock(b.lock);
    stepsOf(b.witness);
    stepsOf(b.earlier);
  }
  for (facts::HeldAtExit &h : facts.heldAtExits) {
    heldOf(h.held);
    stepsOf(h.exit);
  }
  for (facts::Wait &w : facts.waits) {
    lock(w.mutex);
    heldAll(w.others);
  }
  for (facts::Notify &n : facts.notifies) {
    heldAll(n.held);
    heldAll(n.needed);
  }
  for (facts::Block &b : facts.blocks) {
    heldAll(b.held);
    for (facts::Acquire &a : b.awaited)
      acquire(a);
  }
  for (facts::Access &a : facts.accesses)
    heldAll(a.held);
}

/// A hand-made re-entrant lock counts its depth in a member: what its release does depends on it.
void Emitter::dropOwnerChecked() {
  std::set<Location> declared;
  for (NameId n : ownerChecked)
    declared.insert(identity.name(n).declaration);
  auto isCounted = [&](NameId n) { return declared.count(identity.name(n).declaration) != 0; };
  std::erase_if(facts.badReleases, [&](const facts::BadRelease &b) { return isCounted(b.lock); });
  std::erase_if(facts.heldAtExits, [&](const facts::HeldAtExit &h) { return isCounted(h.held.lock); });
}

/// A lock class's own lock, known through a pointer only, where objects of the class are parts of others: it
/// may be any of these, and nothing is said of it.
bool Emitter::isAnyLock(NameId n) const {
  const Name &name = identity.name(n);
  return name.many && !name.fields.empty() && name.fields.find('.') == std::string::npos &&
         embedded.count(name.declaration) != 0;
}

void Emitter::dropAnyLocks() {
  for (NameId n = 0; n < identity.count(); ++n)
    if (const Name &name = identity.name(n); kinds.count(n) && name.fields.find('.') != std::string::npos)
      embedded.insert(name.declaration);
  auto any = [&](const facts::Held &h) { return isAnyLock(h.lock); };
  std::erase_if(facts.acquires, [&](const facts::Acquire &a) { return isAnyLock(a.lock); });
  for (facts::Acquire &a : facts.acquires)
    std::erase_if(a.held, any);
  std::erase_if(facts.badReleases, [&](const facts::BadRelease &b) {
    return b.kind == facts::BadRelease::Kind::NeverAcquired && isAnyLock(b.lock);
  });
  for (facts::Block &b : facts.blocks)
    std::erase_if(b.held, any);
  for (facts::Access &a : facts.accesses)
    std::erase_if(a.held, any);
}

void Emitter::finish() {
  dropOwnerChecked();
  dropAnyLocks();
  dropPrivateLocks();
  if (!context.handlers.empty())
    emitInterruptions();
  orderVariables();
  finishLocks();
  fillOrder();
  std::set<facts::LockId> written;
  for (const facts::Acquire &a : facts.acquires)
    if (a.mode == Mode::Exclusive)
      written.insert(a.lock);
  for (facts::Reacquire &r : facts.reacquires)
    r.writerExists = written.count(r.lock) != 0;
  facts.order = order;
  facts.evidence = Evidence::Static;
}

} // namespace gordian::link
