// SPDX-License-Identifier: MIT
#include "source/link/facts/emitter.h"
#include "source/link/facts/local_escape.h"
#include "source/link/summary/recorder.h"

#include <algorithm>

namespace gordian::link {

using facts::LockKind;
using facts::Relation;

/// A request of the lock of an object that this thread has just made. May be published already.
constexpr double kNewObject = 0.7;
/// A second request that many calls lie before: what is told by a flag is lost on a long way sooner or later.
constexpr double kManyCalls = 0.7;
constexpr uint32_t kFewCalls = 6;
/// An object that was given is taken to be the holder's own.
constexpr double kOwnObject = 0.7;
/// One place takes several in the rounds of a loop: mostly in the order of one list, which all follow.
constexpr double kInRounds = 0.7;

/// The kind that an initialiser's macro stands for.
static std::optional<LockKind> kindOfMacro(std::string_view macro) {
  if (macro.find("RECURSIVE_MUTEX_INITIALIZER") != std::string_view::npos)
    return LockKind::RecursiveMutex;
  if (macro.find("ERRORCHECK_MUTEX_INITIALIZER") != std::string_view::npos)
    return LockKind::ErrorCheckMutex;
  if (macro.find("RWLOCK_WRITER_NONRECURSIVE_INITIALIZER") != std::string_view::npos)
    return LockKind::WriterRwLock;
  return std::nullopt;
}

/// What locks are initialised as: by the library's init functions, by static initialisers. A function that
/// initialises what its parameter points to speaks for its callers.
void Emitter::collectKinds() {
  for (const CallContext &c : contexts.all()) {
    Scene s = {c.function, c, context.events[c.function]};
    for (const KindEvent &e : s.events.kinds) {
      Named n = named(e.path, s, false);
      if (n.name != kNone) {
        initialKinds[n.name].insert(e.kind);
        continue;
      }
      if (syms.kind(e.path) != SymKind::Param)
        continue;
      for (const Caller &caller : contexts.callersOf(c.function)) {
        const CallEvent &call = context.events[caller.function].calls[caller.event];
        uint32_t p = syms.node(e.path).a;
        if (p < call.args.size() && call.args[p] != kNoSym)
          if (Named given = identity.of(call.args[p], caller.function, false); given.name != kNone)
            initialKinds[given.name].insert(e.kind);
      }
    }
  }
  for (GlobalId g = 0; g < context.program.globalCount(); ++g) {
    const GlobalEntry &e = context.program.global(g);
    auto note = [&](const std::vector<uint32_t> &path, std::string_view macro) {
      std::optional<LockKind> kind = kindOfMacro(macro);
      if (!kind)
        return;
      Sym at = syms.global(g);
      ir::Id type = e.ir->type;
      const std::vector<ir::Type> &types = context.program.unit(e.unit).types;
      for (uint32_t step : path) {
        if (type == kNone)
          return;
        if (types[type].kind == ir::TypeKind::Array) {
          at = syms.element(at, syms.integer(step));
          type = types[type].element;
        } else if (types[type].klass != kNone) {
          const std::vector<ir::Field> &fields =
              context.program.unit(e.unit).classes[types[type].klass].fields;
          at = syms.field(at, context.program.classIn(e.unit, types[type].klass), step);
          type = step < fields.size() ? fields[step].type : kNone;
        }
      }
      if (Named n = identity.of(at, kNone, false); n.name != kNone)
        initialKinds[n.name].insert(*kind);
    };
    note({}, e.ir->initMacro);
    for (const ir::InitEntry &i : e.ir->init)
      if (!i.macro.empty() && i.macro != e.ir->initMacro)
        note({}, i.macro);
  }
  for (NameId n = 0; n < identity.count(); ++n)
    if (identity.name(n).generic != kNone && initialKinds.count(n))
      initialKinds[identity.name(n).generic].insert(initialKinds[n].begin(), initialKinds[n].end());
  for (const auto &[n, k] : initialKinds)
    if (!identity.name(n).fields.empty())
      initialByField[identity.name(n).declaration].insert(k.begin(), k.end());
}

/// Whether all that is known of the lock's initialisation makes it re-entrant, or its type (`used`).
bool Emitter::isMeantReentrant(NameId n, LockKind used) const {
  const std::set<LockKind> *known = nullptr;
  if (auto it = initialKinds.find(n); it != initialKinds.end())
    known = &it->second;
  else if (auto field = initialByField.find(identity.name(n).declaration); field != initialByField.end())
    known = &field->second;
  return known ? std::all_of(known->begin(), known->end(), facts::isReentrant) : facts::isReentrant(used);
}

/// An object that a queue, a message or an unknown function gave: it may be any, also the one in hand.
static bool isGiven(const Symbols &syms, Sym path) {
  bool loaded = false;
  for (; syms.kind(path) == SymKind::Field || syms.kind(path) == SymKind::Load; path = syms.node(path).a)
    loaded = loaded || syms.kind(path) == SymKind::Load;
  SymKind k = syms.kind(path);
  return k == SymKind::Unknown || k == SymKind::Result || k == SymKind::FromCall ||
         (k == SymKind::Local && loaded);
}

/// Whether the arguments of this context make a held lock's path the requested one. In the function's own
/// frame two parameters are two objects.
bool Emitter::isBoundTo(Sym held, const Named &requested, Sym path, const Scene &s) {
  Named h = named(held, s, false);
  if (identity.isCalledBack(path))
    return h.name == requested.name && h.path == requested.path && !syms.isVague(h.path);
  if ((s.context.binding.empty() && !identity.isSole(requested.path)) ||
      (identity.name(requested.name).many && !identity.isOfMaker(requested.path)))
    return false;
  return h.name == requested.name && h.path == requested.path && !syms.isVague(h.path);
}

/// A request of what is held is a re-acquisition; the lock's kind decides if it minds.
void Emitter::emitRelock(const AcquireEvent &e, const HeldHere &first, const Named &lock, const Scene &s) {
  if (isDoubtful(e) || !isReal(lock.name) || e.ownerChecked)
    return;
  ReacquireEvent r;
  static_cast<Happening &>(r) = e;
  r.path = e.path;
  r.mode = e.mode;
  r.kind = e.kind;
  r.waits = e.waits;
  r.first = first;
  emitReacquire(r, s);
}

/// `a` asks for a lock of an object that was given. Where a held lock of its class is re-entrant, it was made
/// so because its holder comes by again: the object is taken to be the holder's own (may miss).
void Emitter::takeForOwn(facts::Acquire &a, NameId lock, LockKind kind) const {
  std::erase_if(a.held, [&](const facts::Held &h) {
    return h.lock == lock && h.relation == Relation::Unknown && isMeantReentrant(lock, kind);
  });
  const std::string &owner = identity.name(lock).owner;
  for (facts::Held &h : a.held) {
    if (owner.empty() || identity.name(h.lock).owner != owner || h.relation != Relation::Unknown)
      continue;
    auto used = kinds.find(h.lock);
    if (used == kinds.end() || !isMeantReentrant(h.lock, *used->second.begin()))
      continue;
    h.relation = Relation::Same;
    h.factors.push_back({"another object of the class may be meant", kOwnObject});
    a.object = h.object;
  }
}

/// All callers hold it: it is only entered once more, and whatever else they hold came behind it.
bool Emitter::isReentry(const AcquireEvent &e, NameId lock, const Scene &s) const {
  return std::any_of(s.context.held.begin(), s.context.held.end(), [&](const HeldAtEntry &h) {
    return h.mode == Mode::Exclusive && !contexts.isReleased(h, e, s.context) &&
           (h.path != kNoSym ? h.path == syms.withoutVersions(e.path)
                             : h.name == lock && !identity.name(lock).many);
  });
}

/// Two arguments that all callers give in one order.
Between Emitter::orderByCallers(Sym held, Sym requested, FunctionId f) const {
  const SymNode &a = syms.node(objectOf(syms, held)), &b = syms.node(objectOf(syms, requested));
  constexpr uint32_t kMost = 8; // arguments whose order is known
  const std::vector<Caller> &all = contexts.callersOf(f);
  if (a.kind != SymKind::Param || b.kind != SymKind::Param || a.a >= kMost || b.a >= kMost || all.empty() ||
      contexts.isEntry(f))
    return Between::Unknown;
  auto everywhere = [&](uint32_t first, uint32_t second) {
    return std::all_of(all.begin(), all.end(), [&](const Caller &c) {
      return context.events[c.function].calls[c.event].ascending >> (8 * first + second) & 1;
    });
  };
  return everywhere(a.a, b.a)   ? Between::Ascending
         : everywhere(b.a, a.a) ? Between::Descending
                                : Between::Unknown;
}

void Emitter::emitAcquires(const Scene &s) {
  for (const AcquireEvent &e : s.events.acquires) {
    if (e.leftHeld && !contexts.callersOf(s.function).empty())
      continue; // a wrapper: its callers say so
    Named n = named(e.path, s);
    if (n.name == kNone)
      continue;
    noteKind(n.name, e.kind);
    if (e.ownerChecked)
      ownerChecked.insert(n.name);
    if (!isReal(n.name) || isDoubtful(e) || (s.context.phase.unshared && isOfFirstParameter(syms, e.path)))
      continue;
    Objects objects;
    for (const HeldHere &h : e.held)
      if (h.must && h.between != Between::Same && isBoundTo(h.path, n, e.path, s))
        emitRelock(e, h, n, s);
    facts::Acquire a;
    a.lock = n.name;
    a.mode = e.mode;
    a.blocking = e.waits == Waits::Forever;
    a.object = objects.number(n.object);
    std::vector<HeldHere> here = e.held;
    for (HeldHere &h : here)
      if (h.between == Between::Unknown)
        h.between = orderByCallers(h.path, e.path, s.function);
    a.held = heldList(here, e, s, objects, n.name);
    // Re-entry into the same object is judged as such, not as an edge.
    std::erase_if(a.held, [&](const facts::Held &h) {
      return h.lock == n.name && h.relation == Relation::Same && !identity.name(n.name).many;
    });
    if (isReentry(e, n.name, s))
      a.held.clear();
    if (isGiven(syms, n.path))
      takeForOwn(a, n.name, e.kind);
    for (size_t i = 0, j = 0; i < here.size(); ++i)
      if (isBoundTo(here[i].path, n, e.path, s))
        for (j = 0; j < a.held.size(); ++j)
          if (a.held[j].lock == n.name)
            a.held[j].relation = Relation::Same;
    a.witness.push_back(steps.make(StepKind::Request, static_cast<int>(n.name), e.mode, e.witness));
    const HeldAtEntry *farthest = nullptr;
    for (const HeldAtEntry &h : s.context.held)
      if (!farthest || h.calls.size() > farthest->calls.size())
        farthest = &h;
    if (farthest)
      steps.addCallers(a.witness.back(), farthest->calls);
    // Threads that have an object each share what no object of theirs leads to.
    bool ofObject = identity.name(n.name).many && n.object != kNoSym &&
                    syms.kind(syms.rootOf(n.object)) != SymKind::Global;
    a.context = a.instance = factContext(s, e, ofObject, identity.name(n.name).localOf);
    if (identity.name(n.name).localOf != kNone)
      takers[n.name].insert(*s.context.roots);
    a.function = a.witness.back().function;
    a.factors = wayFactors(e.witness);
    for (const HeldHere &h : here)
      if (h.acquired == e.witness && h.between == Between::Unknown)
        for (facts::Held &of : a.held)
          if (of.lock == n.name)
            of.factors.push_back(
                {"a loop takes one after the other, perhaps always in the same order", kInRounds});
    if (syms.kind(syms.rootOf(n.path)) == SymKind::Alloc)
      a.factors.push_back({"the object is new, and nobody else may know it yet", kNewObject});
    for (size_t i = 0; i < here.size(); ++i)
      if (here[i].between == Between::Ascending || here[i].between == Between::Descending)
        if (Named h = named(here[i].path, s); h.name != kNone)
          for (size_t j = 0; j < a.held.size(); ++j)
            if (a.held[j].lock == h.name && a.held[j].relation == Relation::Ordered)
              directions[{h.name, n.name}].push_back(
                  {facts.acquires.size(), j, here[i].between == Between::Ascending});
    for (const HeldHere &h : here)
      if (Named other = named(h.path, s); other.name == n.name)
        noteLink(h, other.name, e.path, n.name, a);
    facts.acquires.push_back(std::move(a));
  }
}

/// An order is an order only if everybody follows it the same way.
void Emitter::orderDirections() {
  for (const auto &[pair, all] : directions) {
    if (pair.first != pair.second)
      continue;
    bool up = std::any_of(all.begin(), all.end(), [](const Direction &d) { return d.up; });
    bool down = std::any_of(all.begin(), all.end(), [](const Direction &d) { return !d.up; });
    if (up && down)
      for (const Direction &d : all)
        facts.acquires[d.acquire].held[d.held].relation = Relation::Unknown;
  }
}

/// Locks of variables that share a name in the end, because others of their class are known by the class
/// only: where the variables themselves are always taken in one order, it is one.
void Emitter::orderVariables() {
  using Pair = std::pair<NameId, NameId>;
  std::map<NameId, std::set<NameId>> next;
  auto areVariables = [&](const facts::Acquire &a, const facts::Held &h) {
    NameId x = h.lock, y = a.lock;
    return x != y && identity.finalName(x) == identity.finalName(y) && identity.name(x).generic != kNone &&
           identity.name(y).generic != kNone && !identity.name(x).many && !identity.name(y).many;
  };
  for (const facts::Acquire &a : facts.acquires)
    for (const facts::Held &h : a.held)
      if (areVariables(a, h))
        next[h.lock].insert(a.lock);
  auto leadsBack = [&](Pair edge) {
    std::vector<NameId> way = {edge.second};
    for (size_t n = 0; n < way.size(); ++n)
      for (NameId to : next[way[n]])
        if (std::find(way.begin(), way.end(), to) == way.end())
          way.push_back(to);
    return std::find(way.begin(), way.end(), edge.first) != way.end();
  };
  for (facts::Acquire &a : facts.acquires)
    for (facts::Held &h : a.held)
      if (h.relation == Relation::Unknown && areVariables(a, h) && !leadsBack({h.lock, a.lock}))
        h.relation = Relation::ChildOf;
}

// ---------------------------------------------------------------- objects that point to each other

/// Held and requested are locks of two objects of which one points to the other: an order of its own kind.
void Emitter::noteLink(const HeldHere &h, NameId heldName, Sym path, NameId name, facts::Acquire &a) {
  Sym held = syms.withoutVersions(objectOf(syms, h.path)),
      wanted = syms.withoutVersions(objectOf(syms, path));
  // The field that leads to it, be it an array or a container of pointers.
  auto pointedToBy = [&](Sym object, Sym from) {
    // A callee's element belongs to what the callee was given: that this hangs off `from` too is taken for
    // granted (may miss).
    if (Sym container = identity.containerOf(object);
        container != kNoSym && syms.kind(container) == SymKind::Field &&
        (syms.node(container).a == from || syms.kind(syms.rootOf(object)) == SymKind::FromCall))
      return container;
    if (syms.kind(object) != SymKind::Load)
      return kNoSym;
    Sym field = syms.node(object).a;
    for (SymKind k = syms.kind(field); k == SymKind::Element || k == SymKind::Slot; k = syms.kind(field))
      field = syms.node(field).a;
    return syms.kind(field) == SymKind::Field && syms.node(field).a == from ? field : kNoSym;
  };
  Sym along = pointedToBy(wanted, held), against = pointedToBy(held, wanted);
  Sym field = along != kNoSym ? along : against;
  if (field == kNoSym)
    return;
  for (size_t j = 0; j < a.held.size(); ++j)
    if (a.held[j].lock == heldName) {
      a.held[j].relation = Relation::ChildOf;
      links[name].push_back({facts.acquires.size(), j, syms.node(field).b,
                             static_cast<uint32_t>(syms.node(field).n), along != kNoSym});
    }
}

/// +1: the field points to parts or successors, -1: back to what it is a part of, 0: its name does not say.
static int directionOf(std::string_view field) {
  static constexpr std::string_view down[] = {"child", "next", "first", "left", "right", "sub", "succ"};
  static constexpr std::string_view up[] = {"parent", "prev", "owner", "pred", "super"};
  auto named = [&](std::string_view w) { return field.find(w) != std::string_view::npos; };
  return std::any_of(std::begin(up), std::end(up), named)       ? -1
         : std::any_of(std::begin(down), std::end(down), named) ? 1
                                                                : 0;
}

/// A structure orders its locks only if everybody walks it the same way: with a pointer here and against it
/// there, or to the parent here and to the child there, is none. Errs: the second goes by the fields' names.
void Emitter::judgeLinks() {
  for (const auto &[lock, all] : links)
    for (const Link &x : all)
      for (const Link &y : all) {
        auto down = [&](const Link &l) {
          const std::vector<ir::Field> &fields = context.program.klass(l.klass).ir->fields;
          int d = l.field < fields.size() ? directionOf(fields[l.field].name) : 0;
          return l.along ? d : -d;
        };
        bool sameField = x.klass == y.klass && x.field == y.field;
        if (sameField ? x.along != y.along : down(x) * down(y) < 0)
          facts.acquires[x.acquire].held[x.held].relation = Relation::Unknown;
      }
}

/// A signal handler runs on top of whatever the thread does, holding a lock included. Programs that mask
/// signals keep the two apart in their own way (may miss).
void Emitter::emitInterruptions() {
  static constexpr std::string_view masks[] = {"sigprocmask", "pthread_sigmask", "sigwait", "sigwaitinfo",
                                               "signalfd"};
  for (const FunctionEntry &f : context.program.functions())
    if (std::find(std::begin(masks), std::end(masks), f.ir->name) != std::end(masks))
      return;
  auto handles = [&](const facts::Acquire &a) {
    const std::vector<Reach> &reaches = order->contexts[a.context].reaches;
    return !reaches.empty() && std::all_of(reaches.begin(), reaches.end(), [&](const Reach &r) {
      return context.handlers.count(r.function) != 0;
    });
  };
  std::set<NameId> told;
  for (const facts::Acquire &a : facts.acquires) {
    if (!a.blocking || identity.name(a.lock).many || !handles(a) || told.count(a.lock))
      continue;
    for (const facts::Acquire &b : facts.acquires) {
      bool excludes = a.mode == Mode::Exclusive || b.mode == Mode::Exclusive;
      if (b.lock != a.lock || !excludes || handles(b))
        continue;
      facts::Reacquire r;
      r.lock = a.lock;
      r.mode = a.mode;
      r.first.lock = b.lock;
      r.first.mode = b.mode;
      r.first.relation = Relation::Same;
      r.first.acquired = b.witness;
      for (Step &s : r.first.acquired)
        s.kind = StepKind::Acquire;
      r.witness = a.witness;
      r.context = a.context;
      r.function = a.function;
      facts.reacquires.push_back(std::move(r));
      told.insert(a.lock);
      break;
    }
  }
}

/// A variable of a function is a new one in each call. Where nothing but what the function itself is reached
/// from takes its lock, no two threads meet there; what others know by its class only may be the variable if
/// its address gets to them.
void Emitter::dropPrivateLocks() {
  std::set<NameId> own;
  LocalEscape escape(context);
  for (const auto &[name, roots] : takers) {
    RootSet mine;
    for (ContextNumber c : contexts.of(identity.name(name).localOf))
      mine.insert(*contexts.all()[c].roots);
    const Name &n = identity.name(name);
    bool known = identity.finalName(name) == name ||
                 (n.local != kNone && !n.many && escape.isPrivate(n.localOf, n.local));
    if (known && mine.includes(roots))
      own.insert(name);
  }
  std::erase_if(facts.acquires, [&](const facts::Acquire &a) { return own.count(a.lock) != 0; });
  auto isOwn = [&](const facts::Held &h) { return own.count(h.lock) != 0; };
  for (facts::Acquire &a : facts.acquires)
    std::erase_if(a.held, isOwn);
  for (facts::Access &a : facts.accesses)
    std::erase_if(a.held, isOwn);
}

void Emitter::emitReacquires(const Scene &s) {
  for (const ReacquireEvent &e : s.events.reacquires)
    emitReacquire(e, s);
}

void Emitter::emitReacquire(const ReacquireEvent &e, const Scene &s) {
  Named n = named(e.path, s);
  if (n.name == kNone || isDoubtful(e) || e.blurred || !isReal(n.name))
    return;
  noteKind(n.name, e.kind);
  Objects objects;
  facts::Reacquire r;
  bool wasShared = e.first.mode == Mode::Shared, isShared = e.mode == Mode::Shared;
  r.kind = wasShared && isShared ? facts::Reacquire::Kind::SharedReentry
           : wasShared           ? facts::Reacquire::Kind::Upgrade
                                 : facts::Reacquire::Kind::Relock;
  r.lock = n.name;
  r.mode = e.mode;
  r.blocking = e.waits != Waits::Never;
  r.timed = e.waits == Waits::Timed;
  r.first = held(e.first, e.site, s, objects);
  if (r.first.lock == kNone)
    return;
  r.first.relation = Relation::Same;
  r.witness.push_back(steps.make(StepKind::Request, static_cast<int>(n.name), e.mode, e.witness));
  r.context = factContext(s, e, false);
  r.function = r.witness.back().function;
  r.factors = heldFactors(e.first.acquired, e.site, s);
  for (Factor &f : wayFactors(e.witness))
    if (std::none_of(r.factors.begin(), r.factors.end(), [&](const Factor &x) { return x.name == f.name; }))
      r.factors.push_back(std::move(f));
  if (context.witnesses[e.witness].length > kFewCalls)
    r.factors.push_back({"many calls lie between, of which one may depend on a flag", kManyCalls});
  facts.reacquires.push_back(std::move(r));
}

} // namespace gordian::link
