// SPDX-License-Identifier: MIT
//
// Condition waits and notifies, and waits for threads, futures, semaphores, latches and barriers with what
// the awaited side needs before it can answer: for a thread, the locks that its function requests; for what
// is posted or counted, the locks that every poster has acquired on its way (if one can post without them,
// the wait ends).
#include "source/link/facts/emitter.h"

#include <algorithm>

namespace gordian::link {

using Kind = BlockingWait::Kind;

void Emitter::collectWakers() {
  for (ContextNumber c = 0; c < contexts.all().size(); ++c) {
    const CallContext &at = contexts.all()[c];
    Scene s = {at.function, at, context.events[at.function]};
    for (const NotifyEvent &e : s.events.notifies)
      if (Named n = named(e.object, s); n.name != kNone && !identity.name(n.name).isSystem)
        wakers[{e.kind, n.name}].push_back({&e, c});
      else if (ClassId k = context.program.function(at.function).klass; k != kNone)
        namelessWakers[{e.kind, k}].push_back({&e, c});
  }
}

uint32_t Emitter::conditionNumber(NameId n) {
  return conditions.try_emplace(identity.finalName(n), static_cast<uint32_t>(conditions.size()))
      .first->second;
}

void Emitter::emitWaits(const Scene &s) {
  for (const WaitEvent &e : s.events.waits) {
    if (isDoubtful(e))
      continue;
    if (e.wait.kind == Kind::Condition)
      emitCondition(e, s);
    else
      emitBlock(e, s);
  }
}

/// Whether all calls of `f` stand in loops that test again.
static bool callersLoop(const Context &context, const Contexts &contexts, FunctionId f) {
  const std::vector<Caller> &callers = contexts.callersOf(f);
  return !callers.empty() && std::all_of(callers.begin(), callers.end(), [&](const Caller &c) {
    return context.events[c.function].calls[c.event].looped;
  });
}

void Emitter::emitCondition(const WaitEvent &e, const Scene &s) {
  Named condition = named(e.wait.object, s);
  if (condition.name == kNone)
    return;
  Objects objects;
  facts::Wait w;
  const Name &name = identity.name(condition.name);
  w.condition = {name.text, name.key, name.type, name.declaration};
  w.conditionId = conditionNumber(condition.name);
  w.manyInstances = name.many;
  w.timed = e.wait.timed && !e.believed;
  // A function that takes the mutex and tests by itself has tested once; its callers do not see the
  // predicate.
  bool byItself = e.mutexTaken && e.tested && !w.timed;
  w.looped = e.wait.looped || (e.ownWait && !byItself && callersLoop(context, contexts, s.function));
  Named mutex = e.wait.mutex == kNoSym ? Named() : named(e.wait.mutex, s);
  if (e.wait.mutex != kNoSym && mutex.name == kNone)
    return;
  w.mutex = mutex.name;
  if (mutex.name != kNone)
    noteKind(mutex.name, facts::LockKind::Mutex);
  w.sameObject = condition.object != kNoSym && condition.object == mutex.object;
  w.others = heldList(e.held, e, s, objects, mutex.name);
  // What a guard that the caller gave holds is known at the call, which is looked at by itself.
  const SymNode given = e.wait.mutex == kNoSym ? SymNode() : syms.node(e.wait.mutex);
  if (given.kind == SymKind::Load && syms.kind(given.a) == SymKind::Slot &&
      syms.kind(syms.rootOf(given.a)) == SymKind::Param && !contexts.callersOf(s.function).empty())
    w.others.clear();
  // A mutex that is known only through a pointer is any of the locks that are held with it in its place.
  bool throughPointer = mutex.name != kNone && syms.kind(objectOf(syms, mutex.path)) == SymKind::Load;
  std::erase_if(w.others, [&](const facts::Held &h) {
    return h.lock == mutex.name ||
           (throughPointer && identity.name(h.lock).declaration == identity.name(mutex.name).declaration);
  });
  w.mutexHeld = e.mutexHeld;
  // Not touched here: the callers hold it, or this is a root that took other locks but not this one.
  bool atEntry = std::any_of(s.context.held.begin(), s.context.held.end(), [&](const HeldAtEntry &h) {
    return h.name == mutex.name && !contexts.isReleased(h, e, s.context);
  });
  bool root = contexts.callersOf(s.function).empty();
  // Nor can code outside the program hold a mutex that all functions which take it also give back.
  bool enclosed = mutex.name != kNone && identity.name(mutex.name).enclosed;
  bool ours = (w.sameObject || enclosed) && balanced.count(mutex.name) && !leftHeld.count(mutex.name);
  if (e.ownWait && e.mutexHeld && !e.mutexTaken && root && !atEntry &&
      (!e.held.empty() || isProgramRoot(s) || ours))
    w.mutexHeld = false;
  if (!e.ownWait && e.held.empty())
    return;
  for (Sym address : e.predicate)
    if (Named v = named(address, s); v.name != kNone)
      w.predicate.push_back(variableNumber(v.name));
  for (FunctionId p : e.wait.awaited)
    for (const AccessEvent &a : context.events[p].accesses)
      if (!a.write)
        if (Named v = identity.of(a.address, p); v.name != kNone)
          w.predicate.push_back(variableNumber(v.name));
  std::sort(w.predicate.begin(), w.predicate.end());
  w.predicate.erase(std::unique(w.predicate.begin(), w.predicate.end()), w.predicate.end());
  w.witness.push_back(steps.make(StepKind::Wait, -1, Mode::Exclusive, e.witness));
  w.context = factContext(s, e, name.many);
  w.function = w.witness.back().function;
  facts.waits.push_back(std::move(w));
}

bool Emitter::isProgramRoot(const Scene &s) const {
  return s.context.has(Root::Kind::Main) || s.context.has(Root::Kind::Thread);
}

void Emitter::emitNotifies(const Scene &s) {
  for (const NotifyEvent &e : s.events.notifies) {
    if (e.kind != Kind::Condition)
      continue;
    Named n = named(e.object, s);
    if (n.name == kNone)
      continue;
    Objects objects;
    facts::Notify f;
    f.conditionId = conditionNumber(n.name);
    f.all = e.all;
    f.held = heldList(e.held, e, s, objects);
    f.needed = heldList(e.needed, e, s, objects);
    for (const auto &[address, site] : e.unguarded)
      if (Named v = named(address, s); v.name != kNone && s.context.held.empty())
        f.unguardedWrites.push_back(
            {variableNumber(v.name), {steps.at(StepKind::Write, -1, Mode::Exclusive, s.function, site)}});
    f.witness.push_back(steps.make(StepKind::Notify, -1, Mode::Exclusive, e.witness));
    f.context = factContext(s, e, identity.name(n.name).many);
    f.function = f.witness.back().function;
    facts.notifies.push_back(std::move(f));
  }
}

// ---------------------------------------------------------------- other waits

static facts::Block::Kind blockKind(Kind k) {
  switch (k) {
  case Kind::Join:
    return facts::Block::Kind::Join;
  case Kind::Future:
    return facts::Block::Kind::Future;
  case Kind::Semaphore:
    return facts::Block::Kind::Semaphore;
  case Kind::Latch:
    return facts::Block::Kind::Latch;
  case Kind::Barrier:
    return facts::Block::Kind::Barrier;
  case Kind::Condition:
    break;
  }
  return facts::Block::Kind::Other;
}

/// Functions that the awaited thread may run: known at the wait, or started elsewhere under the same handle.
std::vector<FunctionId> Emitter::awaitedFunctions(const WaitEvent &e, const Scene &s) {
  if (!e.wait.awaited.empty())
    return e.wait.awaited;
  std::vector<FunctionId> out;
  Named handle = named(e.wait.object, s, false);
  NameId wanted = identity.finalName(handle.name);
  // The class whose code it is that joins, not that of a caller.
  ClassId klass = context.program.function(context.witnesses.innermost(e.witness).function).klass;
  for (const CallContext &c : contexts.all())
    for (const SpawnEvent &spawn : context.events[c.function].spawns) {
      if (spawn.handle == kNoSym)
        continue;
      Named n = identity.of(contexts.bound(spawn.handle, c), c.function, false);
      // "for (std::thread &t : threads) t.join()": those that the same class keeps in containers.
      bool kept = wanted == kNone && e.wait.kind == Kind::Join && klass != kNone &&
                  context.program.function(c.function).klass == klass &&
                  syms.kind(objectOf(syms, spawn.handle)) == SymKind::Element;
      if (kept || (wanted != kNone && n.name != kNone && identity.finalName(n.name) == wanted))
        out.insert(out.end(), spawn.targets.begin(), spawn.targets.end());
    }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

std::vector<facts::Acquire> Emitter::awaitedOf(const WaitEvent &e, const Scene &s,
                                               const std::vector<facts::Held> &held, Objects &objects) {
  std::vector<facts::Acquire> out;
  auto add = [&](Named n, Mode mode, WitnessId witness, FunctionId f, uint32_t in) {
    bool wanted = std::any_of(held.begin(), held.end(), [&](const facts::Held &h) {
      return identity.finalName(h.lock) == identity.finalName(n.name);
    });
    if (!wanted)
      return;
    facts::Acquire a;
    a.lock = n.name;
    a.mode = mode;
    a.object = objects.number(n.object);
    a.witness.push_back(steps.make(StepKind::Request, static_cast<int>(n.name), mode, witness));
    a.function = a.witness.back().function;
    a.context = a.instance = in;
    out.push_back(std::move(a));
  };
  if (e.wait.kind == Kind::Join || e.wait.kind == Kind::Future) {
    for (FunctionId f : awaitedFunctions(e, s))
      for (const Request &r : context.summaries[f].requests)
        if (r.waits == Waits::Forever && r.doubt == kNoSym)
          if (Named n = identity.of(ownFrame(r.path, f, s.function), f); n.name != kNone)
            add(n, r.mode, r.witness, f, factContext(s, e, false));
  }
  if (e.wait.kind == Kind::Join || !out.empty())
    return out;
  Named object = named(e.wait.object, s, false);
  if (object.name == kNone && e.wait.kind != Kind::Future)
    return out;
  auto it = std::find_if(wakers.begin(), wakers.end(), [&](const auto &w) {
    return w.first.first == e.wait.kind && object.name != kNone &&
           identity.finalName(w.first.second) == identity.finalName(object.name);
  });
  // A promise in a container: what the same class fulfils, wherever it found it there.
  ClassId klass = context.program.function(context.witnesses.innermost(e.witness).function).klass;
  auto nameless = it == wakers.end() ? namelessWakers.find({e.wait.kind, klass}) : namelessWakers.end();
  if (it == wakers.end() && nameless == namelessWakers.end())
    return out;
  const std::vector<Waker> &all = it == wakers.end() ? nameless->second : it->second;
  // Only what every waker needs.
  for (const HeldHere &need : all[0].event->needed) {
    const CallContext &c = contexts.all()[all[0].context];
    Scene first = {c.function, c, context.events[c.function]};
    Named n = named(need.path, first);
    if (n.name == kNone)
      continue;
    bool always = std::all_of(all.begin(), all.end(), [&](const Waker &w) {
      const CallContext &other = contexts.all()[w.context];
      Scene there = {other.function, other, context.events[other.function]};
      return std::any_of(w.event->needed.begin(), w.event->needed.end(), [&](const HeldHere &h) {
        Named x = named(h.path, there, false);
        return x.name != kNone && identity.finalName(x.name) == identity.finalName(n.name);
      });
    });
    if (always)
      add(n, need.mode, need.acquired, c.function, factContext(first, *all[0].event, false));
  }
  return out;
}

/// A thread's function that is a lambda made by `maker`: what it captured of the maker is in the maker's own
/// frame.
Sym Emitter::ownFrame(Sym path, FunctionId f, FunctionId maker) {
  Sym there = identity.resolved(path, f);
  auto back = [&](Sym x, auto &&self) -> Sym {
    const SymNode n = syms.node(x);
    if (n.kind == SymKind::FromCall && n.a == maker && n.b == (kHeadSite | 3))
      return static_cast<Sym>(n.n);
    return syms.rebuild(x, [&](Sym y) { return self(y, self); });
  };
  return back(there, back);
}

void Emitter::emitBlock(const WaitEvent &e, const Scene &s) {
  if (e.held.empty() || e.wait.timed || (s.context.phase.unshared && isOfFirstParameter(syms, e.wait.object)))
    return;
  Objects objects;
  facts::Block b;
  b.kind = blockKind(e.wait.kind);
  b.held = heldList(e.held, e, s, objects);
  Named object = named(e.wait.object, s, false);
  // A semaphore that is a lock is not waited for.
  if (e.wait.kind == Kind::Semaphore && object.name != kNone) {
    auto initial = initialKinds.find(object.name);
    if (initial != initialKinds.end() ? initial->second.count(facts::LockKind::Semaphore) != 0
                                      : kinds.count(object.name) && isReal(object.name))
      return;
  }
  std::erase_if(b.held, [&](const facts::Held &h) { return h.lock == object.name; });
  b.awaited = awaitedOf(e, s, b.held, objects);
  if (b.held.empty() || b.awaited.empty())
    return;
  if (object.name != kNone) {
    const Name &name = identity.name(object.name);
    b.object = {name.text, name.key, name.type, name.declaration};
  }
  b.witness.push_back(steps.make(e.wait.kind == Kind::Join ? StepKind::Join : StepKind::Wait, -1,
                                 Mode::Exclusive, e.witness));
  b.context = factContext(s, e, false);
  b.function = b.witness.back().function;
  facts.blocks.push_back(std::move(b));
}

} // namespace gordian::link
