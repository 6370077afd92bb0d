// SPDX-License-Identifier: MIT
//
// What is released without being held, and what stays held. A function that releases for its caller, or
// leaves a lock held for it, is no defect by itself; it is judged by what the program shows:
//
// Release. A second release on one path is certain. A release of what only the caller can hold is carried up
// to the callers; where it arrives at a root it is a defect if the same release statement gives back a lock
// that the function took itself on another path (it knows that the lock must be held, and one path forgot
// it), unless a parameter tells the two apart; or if the root is main or a thread, and the lock has a name.
//
// Leak. A lock that a function leaves held is a leak if nobody takes it over: no caller releases it, and no
// other function releases it for its callers. If the function always leaves it held, it is a wrapper, and its
// callers are judged; if only some of its ways out do, it is judged itself. Where functions that release for
// callers exist, ways out that a return value tells apart are taken for a try-lock (may miss).
#include "source/link/facts/emitter.h"
#include "source/link/summary/conditions.h"

#include <algorithm>

namespace gordian::link {

using facts::BadRelease;
using facts::HeldAtExit;
using facts::LockKind;

/// What a release is worth that a condition may keep from this path.
constexpr double kOnCondition = 0.6;

static bool isJudged(LockKind k) {
  return k != LockKind::Semaphore && k != LockKind::Once;
}

/// A semaphore is no lock where one thread posts what another one waits for.
bool Emitter::isLockLike(LockKind k, NameId n) const {
  return isJudged(k) || (k == LockKind::Semaphore && balanced.count(n) && !releasedForCaller.count(n));
}

void Emitter::collectHandovers() {
  for (const CallContext &c : contexts.all()) {
    Scene s = {c.function, c, context.events[c.function]};
    for (const ReleaseEvent &e : s.events.releases) {
      if (e.kind == ReleaseEvent::Kind::FromCaller) {
        if (Named n = named(e.path, s, false); n.name != kNone) {
          releasedForCaller.insert(n.name);
          releasers[n.name].insert(c.function);
          if (contexts.isEntry(c.function))
            releasedForOutside.insert(n.name);
        }
        continue;
      }
      if (e.kind != ReleaseEvent::Kind::Own)
        continue;
      ownReleaseSites[{s.function, e.site}].push_back(e.params);
      if (isLeftBySome(e.earlier))
        lentReleaseSites.insert({s.function, e.site});
      if (Named n = named(e.path, s, false); n.name != kNone)
        if (balanced.insert(n.name).second)
          balancedSpins.insert(identity.name(n.name).handMade);
      // Whoever left it held for this function did so on purpose.
      for (WitnessId w = e.earlier; w != kNone; w = context.witnesses[w].inner)
        if (context.witnesses[w].function != s.function)
          absorbed.insert(context.witnesses[w].function);
    }
    for (const ExitEvent &e : s.events.exits)
      for (const LockState &l : e.locks)
        if (l.held && !l.fromCaller && !e.destroys)
          if (Named n = named(l.path, s, false); n.name != kNone)
            leftHeld[n.name].insert(*c.roots);
  }
}

/// Whether a parameter tells two bundles of paths apart.
static bool contradict(const Symbols &syms, const std::vector<Atom> &a, const std::vector<Atom> &b) {
  for (const Atom &x : a)
    for (const Atom &y : b) {
      if (x.left != y.left)
        continue;
      if (x.right == y.right && Conditions::negated(x).predicate == y.predicate &&
          (x.predicate == ir::Predicate::Eq || x.predicate == ir::Predicate::Ne))
        return true;
      if (x.predicate == ir::Predicate::Eq && y.predicate == ir::Predicate::Eq && x.right != y.right &&
          syms.isConstant(x.right) && syms.isConstant(y.right))
        return true;
    }
  return false;
}

/// The release statement, or a call on the way to it, also releases what was acquired there on another path,
/// and no parameter says which of the two it is.
bool Emitter::isInconsistentRelease(const ReleaseEvent &e) const {
  for (WitnessId w = e.witness; w != kNone; w = context.witnesses[w].inner) {
    auto it = ownReleaseSites.find({context.witnesses[w].function, context.witnesses[w].site});
    if (it != ownReleaseSites.end())
      return std::none_of(it->second.begin(), it->second.end(),
                          [&](const std::vector<Atom> &own) { return contradict(syms, own, e.params); });
  }
  return false;
}

/// A callee on the way gives the lock back on some of its ways out only, and the call that leads to it is
/// also reached with the lock held: what tells its ways apart is most likely what tells the caller's paths
/// apart. So it is where a callee left the lock held on some of its ways out.
bool Emitter::isOnCondition(const ReleaseEvent &e) const {
  auto gives = [](const Exit &x) {
    return std::any_of(x.locks.begin(), x.locks.end(),
                       [](const LockDelta &d) { return d.heldBefore && !d.heldAfter; });
  };
  for (WitnessId w = e.witness; w != kNone; w = context.witnesses[w].inner) {
    const WitnessNode &n = context.witnesses[w];
    if (lentReleaseSites.count({n.function, n.site}))
      return true;
    if (n.inner == kNone || !ownReleaseSites.count({n.function, n.site}))
      continue;
    const std::vector<Exit> &exits = context.summaries[context.witnesses[n.inner].function].exits;
    return std::any_of(exits.begin(), exits.end(), gives) &&
           std::any_of(exits.begin(), exits.end(), [&](const Exit &x) { return !x.unwinds && !gives(x); });
  }
  return false;
}

/// Whether a path means one lock: what a loop or a callee hands out may be any of several, and so may the
/// element at a computed index.
bool Emitter::isDefinite(Sym path) const {
  const SymNode &n = syms.node(path);
  switch (n.kind) {
  case SymKind::Element:
    return static_cast<Sym>(n.n) != kNoSym && syms.kind(static_cast<Sym>(n.n)) == SymKind::Integer &&
           isDefinite(n.a);
  case SymKind::Field:
  case SymKind::Slot:
  case SymKind::Container:
  case SymKind::Load:
    return isDefinite(n.a);
  case SymKind::Param:
  case SymKind::Global:
  case SymKind::Local:
  case SymKind::Alloc:
    return true;
  case SymKind::Result: {
    // What the library hands out is mostly an element: `for (Node *n : nodes)`.
    Sym pure = static_cast<Sym>(n.n);
    return pure == kNoSym || !context.program.function(syms.node(pure).a).ir->isSystem;
  }
  default:
    return false;
  }
}

/// A loop that gives back one element of an array after the other: its first rounds are known by number,
/// which of them are held is not.
bool Emitter::isOfSweep(const ReleaseEvent &e, const Scene &s) const {
  auto isElement = [&](const ReleaseEvent &x) {
    return syms.anyIndex(x.path) != x.path && syms.anyIndex(x.path) == syms.anyIndex(e.path);
  };
  auto placeOf = [&](const ReleaseEvent &x) {
    const WitnessNode &n = context.witnesses.innermost(x.witness);
    return std::pair(n.function, n.site);
  };
  return isElement(e) &&
         std::any_of(s.events.releases.begin(), s.events.releases.end(), [&](const ReleaseEvent &x) {
           return x.path != e.path && isElement(x) && placeOf(x) == placeOf(e);
         });
}

/// Whether the thread that a root function runs in cannot hold the lock when it is entered: the function is a
/// thread's first, or the lock cannot be named outside the program, and nothing that its roots reach leaves
/// it held.
bool Emitter::isNeverHeld(NameId n, const Scene &s) const {
  auto left = leftHeld.find(n);
  bool shared = left != leftHeld.end() && left->second.intersects(*s.context.roots);
  if (isProgramRoot(s))
    return !shared && !identity.name(n).many;
  return left == leftHeld.end() && identity.name(n).enclosed;
}

/// It gives back the lock of one argument and keeps the same lock of another one: `lock(&src->m) ...
/// unlock(&dst->m)`. Where the lock is never handed over otherwise, the two were mixed up. Errs: a step of a
/// walk that nobody in the program calls looks the same (may cry wolf).
bool Emitter::isMixedUp(const ReleaseEvent &e, const Scene &s, NameId name) const {
  if (!balanced.count(name) || handedOverBy(name) > 1)
    return false;
  auto argumentOf = [&](Sym path) {
    Sym object = objectOf(syms, path);
    return syms.kind(object) == SymKind::Param && object != path ? object : kNoSym;
  };
  Sym mine = argumentOf(e.path);
  for (const HeldHere &h : e.held) {
    Sym other = argumentOf(h.path);
    if (!h.must || h.fromCaller || mine == kNoSym || other == kNoSym || mine == other ||
        syms.replaced(h.path, other, mine) != e.path)
      continue;
    bool kept = std::any_of(s.events.exits.begin(), s.events.exits.end(), [&](const ExitEvent &x) {
      return !x.unwinds && !x.destroys &&
             std::any_of(x.locks.begin(), x.locks.end(),
                         [&](const LockState &l) { return l.path == h.path && l.held; });
    });
    if (kept)
      return true;
  }
  return false;
}

/// Functions that release it for their callers.
size_t Emitter::handedOverBy(NameId name) const {
  auto it = releasers.find(name);
  return it == releasers.end() ? 0 : it->second.size();
}

void Emitter::emitReleases(const Scene &s) {
  bool isRoot = contexts.callersOf(s.function).empty();
  for (const ReleaseEvent &e : s.events.releases) {
    if (e.kind == ReleaseEvent::Kind::Own || isDoubtful(e) || e.blurred || !isJudged(e.lockKind) ||
        e.lockKind == LockKind::Unknown ||
        (e.kind == ReleaseEvent::Kind::FromCaller && (!isDefinite(e.path) || isOfSweep(e, s))))
      continue;
    Named n = named(e.path, s);
    if (n.name == kNone)
      continue;
    BadRelease b;
    switch (e.kind) {
    case ReleaseEvent::Kind::Twice:
      b.kind = BadRelease::Kind::ReleasedTwice;
      break;
    case ReleaseEvent::Kind::WrongMode:
      b.kind = BadRelease::Kind::WrongMode;
      break;
    case ReleaseEvent::Kind::Untested:
      b.kind = BadRelease::Kind::NeverAcquired;
      break;
    default: {
      if (!isRoot)
        continue;
      bool certain = isNeverHeld(n.name, s);
      if (!certain && !isInconsistentRelease(e) && !isMixedUp(e, s, n.name))
        continue;
      b.kind =
          certain && leftHeld.count(n.name) ? BadRelease::Kind::OtherThread : BadRelease::Kind::NeverAcquired;
    }
    }
    noteKind(n.name, e.lockKind);
    b.lock = n.name;
    b.mode = e.mode;
    b.witness.push_back(steps.make(StepKind::Release, static_cast<int>(n.name), e.mode, e.witness));
    if (e.earlier != kNone)
      b.earlier.push_back(
          steps.make(e.kind == ReleaseEvent::Kind::Twice ? StepKind::Release : StepKind::Acquire,
                     static_cast<int>(n.name), e.mode, e.earlier));
    b.guard = steps.guardOf(e.witness);
    b.context = factContext(s, e, false);
    b.function = b.witness.back().function;
    b.factors = wayFactors(e.witness);
    if (isOnCondition(e))
      b.factors.push_back({"a condition may tell when it is given back", kOnCondition});
    facts.badReleases.push_back(std::move(b));
  }
}

/// What a caller sees of a returned value.
static bool distinguishable(const Symbols &syms, Sym a, Sym b) {
  if (a == kNoSym || b == kNoSym || a == b)
    return false;
  return syms.isConstant(a) || syms.isConstant(b) || syms.isAddress(a) || syms.isAddress(b);
}

/// It says failure with the lock held and success without: no try-lock does.
bool Emitter::failsOnlyHere(FunctionId f, Sym held, Sym without) const {
  const FunctionEntry &e = context.program.function(f);
  if (e.ir->returnType == kNone || held == kNoSym || without == kNoSym)
    return false;
  auto isZero = [&](Sym s) {
    return syms.kind(s) == SymKind::Null || (syms.kind(s) == SymKind::Integer && syms.node(s).n == 0);
  };
  auto isNegative = [&](Sym s) {
    return syms.kind(s) == SymKind::Integer && static_cast<int64_t>(syms.node(s).n) < 0;
  };
  switch (context.program.unit(e.unit).types[e.ir->returnType].kind) {
  case ir::TypeKind::Bool:
  case ir::TypeKind::Pointer:
    return isZero(held) && (syms.isAddress(without) || (syms.isConstant(without) && !isZero(without)));
  case ir::TypeKind::Integer:
    return isNegative(held) && isZero(without);
  default:
    return false;
  }
}

/// A part of a variable that ends with the function.
bool Emitter::isOwnObject(Sym path, FunctionId f) const {
  while (syms.kind(path) == SymKind::Field)
    path = syms.node(path).a;
  const SymNode &n = syms.node(path);
  return n.kind == SymKind::Local && n.a == f && n.b != context.program.function(f).ir->resultLocal;
}

bool Emitter::leaks(const ExitEvent &e, const LockState &l, const Scene &s, NameId name) const {
  if (absorbed.count(s.function))
    return false;
  Sym path = syms.withoutVersions(l.path);
  bool released = false, toldApart = false, fails = false, keptElsewhere = false, sameResult = false;
  for (const ExitEvent &other : s.events.exits) {
    if (other.destroys)
      continue;
    bool touched = false, holds = false;
    for (const LockState &k : other.locks)
      if (syms.withoutVersions(k.path) == path) {
        touched = true;
        holds = k.held;
      }
    if (holds && !other.unwinds)
      keptElsewhere = true;
    if (touched && !holds && other.doubt == kNoSym) {
      released = true;
      sameResult =
          sameResult || (other.result == e.result && e.result != kNoSym && syms.isConstant(e.result));
      toldApart = toldApart || distinguishable(syms, e.result, other.result);
      fails = fails || failsOnlyHere(s.function, e.result, other.result);
    }
    // A way out that never took it says something only if a result tells: a failed try.
    if (!touched && distinguishable(syms, e.result, other.result))
      toldApart = true;
  }
  // Nor does a result tell that comes without the lock as well.
  toldApart = toldApart && !fails && !sameResult;
  if (identity.name(name).handMade)
    return released && !toldApart; // it may be a gate that another thread opens
  if (isOwnObject(l.path, s.function))
    return true;
  bool partner = releasedForCaller.count(name) != 0;
  if (e.unwinds)
    return released && !keptElsewhere;
  if (!contexts.callersOf(s.function).empty())
    return released && !(partner && toldApart);
  bool ownRoot = s.context.has(Root::Kind::Thread), isMain = s.context.has(Root::Kind::Main);
  // Who calls this function from outside must be able to call the release, too.
  if (isMain ? partner : releasedForOutside.count(name) != 0)
    return released && !toldApart;
  return released || ownRoot || (balanced.count(name) && s.function != kNone && !isLockMethod(s.function));
}

/// A class's own lock(), or a constructor: meant to keep it.
bool Emitter::isLockMethod(FunctionId f) const {
  const ir::Function &fn = *context.program.function(f).ir;
  return fn.kind == ir::FunctionKind::Constructor || fn.kind == ir::FunctionKind::MoveConstructor;
}

void Emitter::emitLeaks(const Scene &s) {
  for (const ExitEvent &e : s.events.exits) {
    if (e.assumedThrow || isDoubtful(e) || e.blurred)
      continue;
    for (const LockState &l : e.locks) {
      if (!l.held || l.fromCaller || !l.must || l.many || (l.tried && l.pending != kNoSym) ||
          l.kind == LockKind::Once || l.acquired == kNone)
        continue;
      Named n = named(l.path, s);
      if (n.name == kNone || !isReal(n.name) || !isLockLike(l.kind, n.name) ||
          (l.again && !isMeantReentrant(n.name, l.kind)) || (!e.destroys && !leaks(e, l, s, n.name)))
        continue;
      noteKind(n.name, l.kind);
      HeldAtExit h;
      h.kind = e.destroys  ? HeldAtExit::Kind::Destroy
               : e.unwinds ? HeldAtExit::Kind::Throw
                           : HeldAtExit::Kind::Return;
      bool thread = s.context.hasOnly(Root::Kind::Thread) && contexts.callersOf(s.function).empty();
      if (thread && h.kind == HeldAtExit::Kind::Return)
        h.kind = HeldAtExit::Kind::ThreadExit;
      h.held.lock = n.name;
      h.held.mode = l.mode;
      h.held.acquired.push_back(steps.make(StepKind::Acquire, static_cast<int>(n.name), l.mode, l.acquired));
      h.exit.push_back(steps.at(e.destroys ? StepKind::Destroy : StepKind::Exit, static_cast<int>(n.name),
                                l.mode, s.function, e.site));
      h.context = factContext(s, e, false);
      h.function = h.exit.back().function;
      facts.heldAtExits.push_back(std::move(h));
    }
  }
}

} // namespace gordian::link
