// SPDX-License-Identifier: MIT
//
// From the states at a function's exits to its summary. Exits that do the same to locks and to the memory
// that the caller can see are one exit; what they do not agree in is unknown to the caller.
#include "source/link/summary/function_analysis.h"

#include <algorithm>

namespace gordian::link {

constexpr size_t kMaxExits = 8;
constexpr size_t kMaxStores = 24;

/// Memory that callers see: reached from parameters and globals, or the result object.
bool FunctionAnalysis::isKept(Sym address) const {
  Sym root = context.syms.rootOf(address);
  const SymNode &n = context.syms.node(root);
  if (n.kind == SymKind::Local)
    return n.a == frame.id && n.b == frame.ir->resultLocal;
  return isVisible(context.syms, address);
}

/// What the caller is handed: a pointer that is read again is taken for the one that was read before, whose
/// object was locked: `lock(&n->key->lock); ... return n->key` leaves the lock of its result held.
Sym FunctionAnalysis::asHandedOut(const AtExit &e, Sym pointer) const {
  Symbols &syms = context.syms;
  if (syms.kind(pointer) != SymKind::Load)
    return pointer;
  auto same = [&](Sym x) {
    return x != kNoSym && syms.kind(x) == SymKind::Load &&
           syms.withoutSoftness(x) == syms.withoutSoftness(pointer);
  };
  if (same(e.result))
    return e.result;
  for (const Binding &b : e.state.memory)
    if (isKept(b.first) && same(b.second))
      return b.second;
  return pointer;
}

Exit FunctionAnalysis::exitOf(AtExit e) const {
  Exit out;
  out.unwinds = e.unwinds;
  out.endsThread = e.state.endsThread;
  out.jumps = e.state.jumps;
  out.result = e.result;
  out.doubt = e.state.doubt != kNoSym && isVisible(context.syms, e.state.doubt) ? e.state.doubt : kNoSym;
  if (e.state.doubt != kNoSym && out.doubt == kNoSym)
    out.doubt = context.syms.unknown(frame.id, e.site, kNone);
  out.site = e.site;
  out.blurred = e.state.blurred;
  // What is returned is known to the caller, too, however it was found: "not null, and then its lock is
  // held". So is what it is the negative of: `return -error`.
  auto isReturned = [&](Sym x) {
    const SymNode *r = e.result == kNoSym ? nullptr : &context.syms.node(e.result);
    return x == e.result || (r && r->kind == SymKind::Arith && r->a == x &&
                             static_cast<ir::Arithmetic>(r->sub) == ir::Arithmetic::Neg);
  };
  for (const Atom &a : e.state.atoms)
    if (Sym left = asHandedOut(e, a.left);
        (isVisible(context.syms, a.left) || isReturned(left)) && isVisible(context.syms, a.right)) {
      out.atoms.push_back({isReturned(left) ? left : a.left, a.predicate, a.right});
    } else if (!e.state.locks.empty()) {
      Atom b = conditions.believed(e.state, a);
      if (isVisible(context.syms, b.left) && isVisible(context.syms, b.right))
        out.beliefs.push_back(b);
    }
  for (const LockState &l : e.state.locks) {
    if ((!l.held && !l.fromCaller) || (l.held && l.declared) || (l.failed && !l.fromCaller))
      continue;
    LockDelta d;
    Sym object = l.path;
    while (context.syms.kind(object) == SymKind::Field)
      object = context.syms.node(object).a;
    Sym handed = asHandedOut(e, object);
    d.path = context.syms.replaced(l.path, object, handed);
    if (l.held && handed == e.result && handed != l.path)
      out.atoms.push_back({handed, ir::Predicate::Ne, context.syms.integer(0)});
    d.heldBefore = l.fromCaller;
    d.heldAfter = l.held && !l.failed;
    d.must = l.must;
    d.mode = l.mode;
    d.kind = l.kind;
    d.acquired = l.acquired;
    d.released = l.released;
    if (!l.many)
      out.locks.push_back(d);
  }
  out.threads = e.state.threads;
  out.joined = e.state.joined;
  out.joinedMany = e.state.joinedMany;
  for (const Binding &b : e.state.memory)
    if (isKept(b.first) && out.stores.size() < kMaxStores)
      out.stores.push_back(b);
  return out;
}

static bool sameDeltas(const Exit &a, const Exit &b) {
  if (a.unwinds != b.unwinds || a.endsThread != b.endsThread || a.jumps != b.jumps ||
      a.locks.size() != b.locks.size())
    return false;
  for (size_t n = 0; n < a.locks.size(); ++n)
    if (a.locks[n].path != b.locks[n].path || a.locks[n].heldBefore != b.locks[n].heldBefore ||
        a.locks[n].heldAfter != b.locks[n].heldAfter || a.locks[n].mode != b.locks[n].mode)
      return false;
  return true;
}

/// A pointer to an argument, in the object that is returned.
static bool isReturnedObject(const Symbols &syms, const Binding &b) {
  SymKind value = syms.kind(b.second);
  return syms.kind(b.first) == SymKind::Field && syms.kind(syms.rootOf(b.first)) == SymKind::Local &&
         (value == SymKind::Param || value == SymKind::Global || value == SymKind::Field);
}

/// Whether the callers must tell the exits apart by what is in memory: guards, and pointers to different
/// objects.
static bool sameTracked(const Symbols &syms, const Exit &a, const Exit &b) {
  auto slots = [&](const Exit &e) {
    std::vector<Binding> out;
    for (const Binding &s : e.stores)
      if (syms.kind(s.first) == SymKind::Slot || isReturnedObject(syms, s))
        out.push_back(s);
    return out;
  };
  return slots(a) == slots(b);
}

/// What a result is to who looks at it: < 0, > 0, 0, not 0; nothing known: 0.
constexpr unsigned Negative = 1, Positive = 2, Zero = 4, NotZero = 8;
static unsigned signOf(const Symbols &syms, const Exit &e) {
  const SymNode *n = e.result == kNoSym ? nullptr : &syms.node(e.result);
  if (!n)
    return 0;
  if (n->kind == SymKind::Integer || n->kind == SymKind::Null) {
    auto value = n->kind == SymKind::Null ? 0 : static_cast<int64_t>(n->n);
    return value < 0 ? Negative | NotZero : value > 0 ? Positive | NotZero : Zero;
  }
  unsigned out = syms.isAddress(e.result) ? NotZero : 0;
  for (const Atom &a : e.atoms) {
    if (a.left != e.result || syms.kind(a.right) != SymKind::Integer || syms.node(a.right).n != 0)
      continue;
    out |= a.predicate == ir::Predicate::Ne   ? NotZero
           : a.predicate == ir::Predicate::Lt ? Negative | NotZero
           : a.predicate == ir::Predicate::Gt ? Positive | NotZero
           : a.predicate == ir::Predicate::Eq ? Zero
                                              : 0;
  }
  return out;
}

/// The results of two ways out differ: what they have in common stays known.
static void joinResults(Symbols &syms, FunctionId f, Exit &a, unsigned common) {
  a.result = syms.unknown(f, kHeadSite | 1, 0);
  ir::Predicate known = common & Negative   ? ir::Predicate::Lt
                        : common & Positive ? ir::Predicate::Gt
                        : common & NotZero  ? ir::Predicate::Ne
                                            : ir::Predicate::Eq;
  std::erase_if(a.atoms, [&](const Atom &x) { return x.left == a.result; });
  if (common)
    a.atoms.push_back({a.result, known, syms.integer(0)});
}

/// `a` stands for both from now on.
static void mergeExits(Symbols &syms, FunctionId f, Exit &a, const Exit &b) {
  unsigned common = signOf(syms, a) & signOf(syms, b);
  std::erase_if(a.atoms,
                [&](const Atom &x) { return std::find(b.atoms.begin(), b.atoms.end(), x) == b.atoms.end(); });
  if (a.result != b.result)
    joinResults(syms, f, a, common);
  std::erase_if(a.beliefs, [&](const Atom &x) {
    return std::find(b.beliefs.begin(), b.beliefs.end(), x) == b.beliefs.end();
  });
  for (Binding &s : a.stores) {
    auto other =
        std::find_if(b.stores.begin(), b.stores.end(), [&](const Binding &x) { return x.first == s.first; });
    if (other == b.stores.end() || other->second != s.second)
      s.second = syms.unknown(f, kMergedSite, s.first);
  }
  for (const Binding &s : b.stores)
    if (std::none_of(a.stores.begin(), a.stores.end(),
                     [&](const Binding &x) { return x.first == s.first; }) &&
        a.stores.size() < kMaxStores)
      a.stores.push_back({s.first, syms.unknown(f, kMergedSite, s.first)});
  for (const LiveThread &t : b.threads)
    if (std::find(a.threads.begin(), a.threads.end(), t) == a.threads.end())
      a.threads.push_back(t);
  std::erase_if(a.joined,
                [&](Sym h) { return std::find(b.joined.begin(), b.joined.end(), h) == b.joined.end(); });
  a.joinedMany = a.joinedMany && b.joinedMany;
  if (b.doubt == kNoSym)
    a.doubt = kNoSym;
  a.blurred = a.blurred && b.blurred;
}

bool FunctionAnalysis::isLeftHeld(const Summary &summary, const Request &r) const {
  Sym path = context.syms.withoutVersions(r.path);
  for (const Exit &e : summary.exits)
    for (const LockDelta &d : e.locks)
      if (d.heldAfter && !d.heldBefore && context.syms.withoutVersions(d.path) == path)
        return true;
  return false;
}

/// The caller's lock is given back and taken again on one way, and taken on another: what tells the two apart
/// is a condition that was lost, or one of them cannot be.
bool FunctionAnalysis::isTakenBack(const std::vector<Request> &all, const Request &r) const {
  Symbols &syms = context.syms;
  Sym path = syms.withoutVersions(r.path);
  auto gives = [&](const Request &x) {
    return std::any_of(x.released.begin(), x.released.end(),
                       [&](Sym p) { return syms.withoutVersions(p) == path; });
  };
  // A ring of calls, or a request that was left out, loses what was given back.
  auto givesHere = [&](const ReleaseEvent &e) {
    return e.kind == ReleaseEvent::Kind::FromCaller && syms.withoutVersions(e.path) == path;
  };
  return !gives(r) &&
         (std::any_of(all.begin(), all.end(),
                      [&](const Request &x) { return syms.withoutVersions(x.path) == path && gives(x); }) ||
          std::any_of(recorder.events.releases.begin(), recorder.events.releases.end(), givesHere));
}

/// Functions that call each other in a ring lose the conditions under which some of their ways out give the
/// caller's lock back.
static void blurReleases(std::vector<Exit> &exits) {
  auto releases = [](const Exit &e, Sym path) {
    return std::any_of(e.locks.begin(), e.locks.end(),
                       [&](const LockDelta &d) { return d.path == path && d.heldBefore && !d.heldAfter; });
  };
  for (Exit &e : exits)
    for (const LockDelta &d : e.locks)
      if (releases(e, d.path) && !std::all_of(exits.begin(), exits.end(), [&](const Exit &other) {
            return other.unwinds || releases(other, d.path);
          }))
        e.blurred = true;
}

Summary FunctionAnalysis::summarise() {
  Summary out;
  out.known = true;
  for (AtExit &e : exits) {
    if (!recorder.on)
      continue;
    // A try-lock that nobody looked at: both ways.
    std::vector<AtExit> ways;
    ways.push_back(std::move(e));
    for (size_t n = 0; n < ways.size() && ways.size() < kMaxExits; ++n) {
      auto pending =
          std::find_if(ways[n].state.locks.begin(), ways[n].state.locks.end(), [&](const LockState &l) {
            return l.held && l.pending != kNoSym &&
                   (l.tried ||
                    (ways[n].result != kNoSym && context.syms.mentions(ways[n].result, l.pending)));
          });
      if (pending == ways[n].state.locks.end())
        continue;
      Atom success = successAtom(context.syms, pending->pending, pending->success);
      Sym symbol = pending->pending;
      AtExit without = ways[n];
      bool may = conditions.assume(ways[n].state, success);
      bool mayNot = conditions.assume(without.state, Conditions::negated(success));
      // The result says which of the two it was, in a way the caller can see.
      auto settle = [&](AtExit &w) {
        for (LockState &l : w.state.locks)
          if (l.pending == symbol)
            l.pending = kNoSym;
        if (w.result == kNoSym)
          return;
        Truth t = conditions.evaluate(w.state, w.result);
        if (t == Truth::False)
          w.result = context.syms.integer(0);
        else if (t == Truth::True && context.syms.kind(w.result) == SymKind::Compare)
          w.result = context.syms.integer(1);
      };
      settle(ways[n]);
      settle(without);
      if (mayNot)
        ways.push_back(std::move(without));
      if (!may)
        ways[n].site = kNone;
    }
    for (AtExit &w : ways) {
      if (w.site == kNone)
        continue;
      if (!w.state.jumps)
        recordExit(w);
      out.exits.push_back(exitOf(std::move(w)));
    }
  }
  compress(out.exits);
  if (context.graph.isRecursive(frame.id))
    blurReleases(out.exits);
  out.requests = std::move(recorder.requests);
  for (Request &r : out.requests) {
    r.leftHeld = isLeftHeld(out, r);
    r.takenBack = isTakenBack(out.requests, r);
  }
  for (AcquireEvent &e : recorder.events.acquires)
    e.leftHeld = std::any_of(out.requests.begin(), out.requests.end(), [&](const Request &r) {
      return r.leftHeld && context.syms.withoutVersions(r.path) == context.syms.withoutVersions(e.path);
    });
  out.waits = std::move(recorder.waits);
  out.callbacks = std::move(recorder.callbacks);
  return out;
}

/// A lock that each round of a loop takes, and gives back in the same round on some paths only: what is left
/// of an earlier round is no lock that was meant to be kept.
bool FunctionAnalysis::isLeftByRound(const LockState &l) const {
  if (!l.many || !l.held || l.drained || l.fromCaller || l.acquired == kNone)
    return false;
  auto loopOf = [&](const WitnessNode &w) {
    uint32_t in = kNone;
    for (ir::Id b = 0; b < frame.ir->blocks.size() && w.function == frame.id; ++b)
      if (frame.shape.firstSite[b] <= w.site)
        in = frame.shape.loopOf[b];
    return in;
  };
  const WitnessNode &taken = context.witnesses[l.acquired];
  uint32_t loop = loopOf(taken);
  return loop != kNone && std::any_of(recorder.events.releases.begin(), recorder.events.releases.end(),
                                      [&](const ReleaseEvent &e) {
                                        if (e.kind != ReleaseEvent::Kind::Own || e.earlier == kNone)
                                          return false;
                                        const WitnessNode &own = context.witnesses[e.earlier];
                                        return own.function == taken.function && own.site == taken.site &&
                                               loopOf(context.witnesses[e.witness]) == loop;
                                      });
}

void FunctionAnalysis::recordExit(const AtExit &e) {
  ExitEvent event;
  event.unwinds = e.unwinds;
  event.assumedThrow = e.state.assumedThrow;
  event.result = e.result;
  event.atoms = e.state.atoms;
  uint64_t identity = e.unwinds;
  for (const LockState &l : e.state.locks) {
    if (l.failed)
      continue;
    event.locks.push_back(l);
    event.locks.back().many = l.many && !isLeftByRound(l);
    identity = mixed(identity, mixed(l.path, l.held << 1 | l.fromCaller));
  }
  recorder.add(recorder.events.exits, std::move(event), e.state, e.site, mixed(identity, e.result));
}

/// Where very many functions call each other, each would hand on what all others doubt (may miss).
static void dropDoubtful(std::vector<Exit> &exits) {
  auto isDoubtful = [](const Exit &e) { return e.doubt != kNoSym; };
  if (!std::all_of(exits.begin(), exits.end(), isDoubtful))
    std::erase_if(exits, isDoubtful);
}

void FunctionAnalysis::compress(std::vector<Exit> &all) const {
  bool anyDelta = std::any_of(all.begin(), all.end(), [](const Exit &e) { return !e.locks.empty(); });
  std::vector<Exit> kept;
  for (Exit &e : all) {
    auto same = std::find_if(kept.begin(), kept.end(), [&](const Exit &k) {
      if (!sameDeltas(k, e) || !sameTracked(context.syms, k, e))
        return false;
      return k.result == e.result || (!anyDelta && frame.maxStates == 1);
    });
    if (same != kept.end())
      mergeExits(context.syms, frame.id, *same, e);
    else
      kept.push_back(std::move(e));
  }
  if (context.graph.isInCrowd(frame.id))
    dropDoubtful(kept);
  while (kept.size() > (anyDelta ? kMaxExits : kMaxExits / 2)) {
    // The last that has a twin in what it does to locks, and, if there is one, in what it says of that.
    bool merged = false;
    for (bool alike : {true, false})
      for (size_t n = kept.size(); n-- > 1 && !merged;)
        for (size_t m = 0; m < n && !merged; ++m) {
          bool sameSign = signOf(context.syms, kept[m]) == signOf(context.syms, kept[n]);
          if (!sameDeltas(kept[m], kept[n]) || (alike && !sameSign))
            continue;
          mergeExits(context.syms, frame.id, kept[m], kept[n]);
          kept[m].blurred = kept[m].blurred || !sameSign;
          kept.erase(kept.begin() + static_cast<long>(n));
          merged = true;
        }
    if (!merged) {
      ++context.cuts.states;
      kept.pop_back();
    }
  }
  all = std::move(kept);
}

bool FunctionAnalysis::isSame(const Summary &a, const Summary &b) {
  if (a.known != b.known || a.exits.size() != b.exits.size() || a.requests.size() != b.requests.size() ||
      a.waits.size() != b.waits.size() || a.callbacks.size() != b.callbacks.size())
    return false;
  for (size_t n = 0; n < a.exits.size(); ++n)
    if (!sameDeltas(a.exits[n], b.exits[n]) || a.exits[n].result != b.exits[n].result ||
        a.exits[n].atoms != b.exits[n].atoms || a.exits[n].stores != b.exits[n].stores)
      return false;
  for (size_t n = 0; n < a.requests.size(); ++n)
    if (a.requests[n].path != b.requests[n].path || a.requests[n].atoms != b.requests[n].atoms)
      return false;
  return true;
}

} // namespace gordian::link
