// SPDX-License-Identifier: MIT
//
// Calls. Of a function with a summary, each exit whose conditions can hold makes one state; what it requests
// is noted against what is held here. Of several possible targets, each is one. A callee that is a parameter
// is left to the callers (CallbackCall). Unknown functions change what their pointer arguments point to and
// nothing else (may miss callbacks from unknown code).
#include "source/link/callgraph/lock_methods.h"
#include "source/link/summary/join.h"
#include "source/link/summary/made_here.h"
#include "source/link/summary/substitution.h"
#include "source/link/summary/transfer.h"

#include <algorithm>

namespace gordian::link {

/// More targets than this of one call are a registry of everything; they say nothing.
constexpr size_t kMaxTargets = 24;

Sym Transfer::freshResult(const Call &c) const {
  if (c.callee == kNone)
    return syms.result(frame.id, c.site);
  std::vector<Sym> args = c.args;
  std::replace(args.begin(), args.end(), kNoSym, syms.null());
  return syms.result(frame.id, c.site, syms.pure(c.callee, args));
}

std::vector<Sym> Transfer::argumentsFrom(const Call &c, int n) const {
  if (n < 0 || static_cast<size_t>(n) >= c.args.size())
    return {};
  return {c.args.begin() + n, c.args.end()};
}

/// A scalar that a library function takes by reference, to hand it on: its value. What std::ref refers to.
Sym Transfer::forwarded(const State &s, Sym argument) const {
  if (argument == kNoSym || syms.kind(argument) != SymKind::Local || syms.node(argument).a != frame.id)
    return argument;
  const ir::Local &l = frame.ir->locals[syms.node(argument).b];
  if (l.type == kNone)
    return argument;
  if (context.program.unit(frame.unit).types[l.type].name.find("reference_wrapper") != std::string::npos)
    if (Sym referred = Memory::stored(s, syms.slot(argument, Slot::Pointer)); referred != kNoSym)
      return referred;
  if (!l.temporary)
    return argument;
  ir::TypeKind kind = context.program.unit(frame.unit).types[l.type].kind;
  bool scalar = kind == ir::TypeKind::Pointer || kind == ir::TypeKind::Integer;
  return scalar ? memory.read(s, argument) : argument;
}

std::vector<Sym> Transfer::forwardedFrom(const Call &c, int n, const State &s) const {
  std::vector<Sym> out = argumentsFrom(c, n);
  for (Sym &a : out)
    a = forwarded(s, a);
  return out;
}

/// What the callable at argument `n` runs.
std::vector<Callable> Transfer::resolveCallable(const Call &c, const State &s, int n) const {
  Sym value = argument(c, n);
  if (value == kNoSym)
    return {};
  if (syms.kind(value) == SymKind::Function)
    return {{syms.node(value).a, kNoSym, {}}};
  // A pointer to a function or member, passed by reference.
  if (Sym pointed = Memory::stored(s, value); pointed != kNoSym && syms.kind(pointed) == SymKind::Function)
    return {{syms.node(pointed).a, kNoSym, {}}};
  // A library object that was given its callable here.
  if (Sym kept = Memory::stored(s, syms.slot(value, Slot::Kind));
      kept != kNoSym && syms.kind(kept) == SymKind::Function) {
    FunctionId f = syms.node(kept).a;
    Sym bound = Memory::stored(s, syms.slot(value, Slot::Next));
    if (bound != kNoSym)
      return {{f, kNoSym, {bound}}};
    bool method = context.program.function(f).ir->kind == ir::FunctionKind::Lambda ||
                  context.program.function(f).ir->pattern.ends_with("::operator()");
    return {{f, method ? syms.slot(value, Slot::Elements) : kNoSym, {}}};
  }
  std::vector<Callable> out;
  for (FunctionId f : context.flow.targets(frame.id, c.inst.args[n])) {
    const ir::Function &fn = *context.program.function(f).ir;
    bool object = fn.kind == ir::FunctionKind::Lambda || fn.pattern.ends_with("::operator()");
    out.push_back({f, object ? value : kNoSym, {}});
  }
  return out;
}

std::vector<Callable> Transfer::targetsOf(const Call &c, const State &s) const {
  std::vector<Callable> out;
  if (c.inst.call == ir::CallKind::Indirect) {
    Sym value = operand(s, c.inst.callee);
    if (syms.kind(value) == SymKind::Function)
      return {{syms.node(value).a, kNoSym, {}}};
    for (FunctionId f : context.flow.targets(frame.id, c.inst.callee))
      out.push_back({f, kNoSym, {}});
    return out;
  }
  if (c.inst.call == ir::CallKind::Direct)
    return {{c.callee, kNoSym, {}}};
  // An object of known class: a local, a global.
  if (!c.args.empty() && c.args[0] != kNoSym) {
    const SymNode &n = syms.node(c.args[0]);
    ClassId known = kNone;
    auto classOf = [&](UnitId u, ir::Id type) {
      if (type != kNone && context.program.unit(u).types[type].kind == ir::TypeKind::Class)
        known = context.program.classOfType(u, type);
    };
    if (n.kind == SymKind::Local && n.a == frame.id)
      classOf(frame.unit, frame.ir->locals[n.b].type);
    if (n.kind == SymKind::Global)
      classOf(context.program.global(n.a).unit, context.program.global(n.a).ir->type);
    if (known != kNone)
      if (FunctionId f = context.hierarchy.targetIn(known, c.callee); f != kNone)
        return {{f, kNoSym, {}}};
  }
  for (FunctionId f : context.hierarchy.targets(c.callee))
    out.push_back({f, kNoSym, {}});
  return out;
}

/// A library function whose documented answer to what it was given may be an exception. All others may throw
/// too, in theory: nothing is concluded from it.
static bool throwsOnBadInput(const Program &program, FunctionId f) {
  static constexpr std::string_view numbers[] = {"std::stoi",   "std::stol", "std::stoul", "std::stoll",
                                                 "std::stoull", "std::stof", "std::stod",  "std::stold"};
  return f != kNone && std::find(std::begin(numbers), std::end(numbers), program.function(f).ir->pattern) !=
                           std::end(numbers);
}

void Transfer::call(const ir::Inst &i, uint32_t site, ir::Id block, State &s, std::vector<State> &more,
                    std::vector<Thrown> &thrown) {
  FunctionId callee =
      i.call == ir::CallKind::Indirect ? kNone : context.program.functionIn(frame.unit, i.function);
  Call c = {i,  site,  block, callee, callee == kNone ? nullptr : context.program.function(callee).row,
            {}, kNoSym};
  for (const ir::Operand &a : i.args)
    c.args.push_back(operand(s, a));
  if (i.hasInto) {
    c.into = addressOf(s, i.path);
    memory.forget(s, c.into);
  }
  libraryAccess(c, s);
  if (i.mayThrow && throwsOnBadInput(context.program, callee))
    thrown.push_back({s, true});
  std::vector<Callable> targets;
  if (!c.row) {
    targets = targetsOf(c, s);
    // A pointer to a library function is that function.
    if (targets.size() == 1 && context.program.function(targets[0].function).row) {
      c.callee = targets[0].function;
      c.row = context.program.function(c.callee).row;
    }
  }
  if (heldGuardCall(c, s, more, thrown))
    return;
  if (c.row) {
    if (lockRow(c, s, more, thrown) || guardRow(c, s, more, thrown) || conditionRow(c, s, more, thrown) ||
        waitingRow(c, s) || threadRow(c, s) || valueRow(c, s) || callableRow(c, s, more, thrown))
      return;
    return define(s, i, freshResult(c));
  }
  if (attributeCall(c, s) || pairCall(c, s) || comparisonCall(c, s))
    return;
  if (i.mayThrow && i.landing != kNone && frame.shape.leadsToHandler[i.landing] && !throwsAsTold(targets))
    thrown.push_back({s, false});
  if (i.call == ir::CallKind::Indirect) {
    Sym value = operand(s, i.callee);
    if (syms.kind(value) == SymKind::Param) {
      if (recorder.on) {
        CallbackCall cb;
        cb.callee = value;
        cb.args = c.args;
        cb.witness = context.witnesses.add(frame.id, site);
        for (const LockState &l : s.locks)
          if (l.held)
            cb.held.push_back(l);
        recorder.callback(std::move(cb));
      }
      return callUnknown(c, s);
    }
  }
  callFunctions(c, targets, c.args, s, more, thrown);
}

/// Whether the callees' summaries say what there is to say of exceptions: how they throw, or that they lock
/// or unlock for the caller, which does not throw half-way.
bool Transfer::throwsAsTold(const std::vector<Callable> &targets) const {
  return std::any_of(targets.begin(), targets.end(), [&](const Callable &t) {
    const std::vector<Exit> &exits = context.summaryOf(t.function).exits;
    return std::any_of(exits.begin(), exits.end(),
                       [](const Exit &e) { return e.unwinds || !e.locks.empty(); });
  });
}

void Transfer::callFunctions(const Call &c, const std::vector<Callable> &targets,
                             const std::vector<Sym> &args, State &s, std::vector<State> &more,
                             std::vector<Thrown> &thrown) {
  std::vector<std::pair<FunctionId, std::vector<Sym>>> bodies;
  for (const Callable &t : targets) {
    if (!context.program.function(t.function).hasBody())
      continue;
    std::vector<Sym> actual;
    if (t.self != kNoSym)
      actual.push_back(t.self);
    actual.insert(actual.end(), t.bound.begin(), t.bound.end());
    actual.insert(actual.end(), args.begin(), args.end());
    bodies.push_back({t.function, std::move(actual)});
  }
  if (bodies.empty() || bodies.size() > kMaxTargets)
    return callUnknown(c, s);
  std::vector<FunctionId> functions;
  for (const auto &[f, actual] : bodies)
    functions.push_back(f);
  noteCall(c, functions, bodies[0].second, s);
  std::vector<State> out;
  for (const auto &[f, actual] : bodies) {
    Substitution sub(context, frame, s, f, actual, c.into, c.site);
    noteSummary(c, f, actual, sub, s);
    applySummary(c, f, sub, s, out, thrown);
  }
  if (out.empty()) {
    s.dead = true;
    return;
  }
  // That it is just this one that ends the thread is not known well enough.
  if (bodies.size() > 1 || c.inst.call == ir::CallKind::Indirect)
    for (State &t : out)
      t.blurred = t.blurred || t.endsThread;
  if (bodies.size() > 1 && c.inst.call != ir::CallKind::Direct)
    doubtLocks(functions, c.site, s, out);
  else if (c.inst.call == ir::CallKind::Indirect && syms.kind(operand(s, c.inst.callee)) != SymKind::Function)
    blurPointer(s, out);
  Join join(context, frame);
  std::vector<State> kept;
  for (State &t : out)
    join.into(kept, std::move(t), c.block, Join::Place::Call);
  s = std::move(kept[0]);
  for (size_t n = 1; n < kept.size(); ++n)
    more.push_back(std::move(kept[n]));
}

/// Of several possible callees only some change which locks are held: which of them is called here is not
/// known well enough to speak of their effects.
void Transfer::doubtLocks(const std::vector<FunctionId> &callees, uint32_t site, const State &before,
                          std::vector<State> &after) const {
  bool anyNeutral = std::any_of(callees.begin(), callees.end(), [&](FunctionId f) {
    const std::vector<Exit> &exits = context.summaryOf(f).exits;
    return !exits.empty() &&
           std::all_of(exits.begin(), exits.end(), [](const Exit &e) { return e.locks.empty(); });
  });
  if (!anyNeutral)
    return;
  auto count = [](const State &s) {
    return std::count_if(s.locks.begin(), s.locks.end(), [](const LockState &l) { return l.held; });
  };
  for (State &t : after)
    if (t.doubt == kNoSym && (count(t) != count(before) || t.locks.size() != before.locks.size()))
      t.doubt = syms.unknown(frame.id, site, kNone);
}

/// A pointer that is read from memory may hold another function, or none: what its function gives back or
/// leaves held is known well enough to speak of orders, not of misuse.
void Transfer::blurPointer(const State &before, std::vector<State> &after) const {
  auto changed = [](const State &s) {
    return std::count_if(s.locks.begin(), s.locks.end(),
                         [](const LockState &l) { return l.fromCaller != l.held; });
  };
  for (State &t : after)
    if (changed(t) > changed(before))
      t.blurred = true;
}

/// What a callee may give back through a pointer, or on a doubtful path, is not held for sure behind the
/// others of its paths.
void Transfer::doubtKept(const Summary &summary, Substitution &sub, uint32_t site, State &t) const {
  if (t.doubt != kNoSym)
    return;
  for (const Exit &e : summary.exits)
    for (const LockDelta &d : e.locks)
      if ((e.doubt != kNoSym || e.blurred) && d.heldBefore && !d.heldAfter)
        if (const LockState *l = locks.find(t, sub(d.path)); l && l->held)
          t.doubt = syms.unknown(frame.id, site, kNone);
}

void Transfer::applySummary(const Call &c, FunctionId callee, Substitution &sub, const State &s,
                            std::vector<State> &out, std::vector<Thrown> &thrown) {
  const Summary &summary = context.summaryOf(callee);
  std::vector<Atom> atoms;
  for (const Exit &e : summary.exits) {
    atoms.clear();
    bool possible = true;
    for (size_t n = 0; n < e.atoms.size() && possible; ++n) {
      atoms.push_back(sub(e.atoms[n]));
      possible = conditions.evaluate(s, atoms.back()) != Truth::False;
    }
    if (!possible)
      continue;
    State t = s;
    for (size_t n = 0; n < atoms.size() && possible; ++n)
      possible = conditions.assume(t, atoms[n]);
    if (!possible)
      continue;
    for (const Atom &a : e.beliefs)
      if (t.doubt == kNoSym && conditions.isDoubtful(s, sub(a)))
        t.doubt = syms.unknown(frame.id, c.site, kNone);
    applyExit(c, e, sub, t);
    doubtKept(summary, sub, c.site, t);
    memory.clobber(t, c.site, &context.writes.of(callee), false, true);
    // What the callee only may have written is what `clobber` says.
    for (const Binding &b : e.stores)
      if (syms.kind(b.first) == SymKind::Slot || !isMergedValue(syms, b.second))
        memory.write(t, sub(b.first), sub(b.second), c.site);
    for (const LiveThread &live : e.threads) {
      LiveThread mine = live;
      mine.handle = live.handle == kNoSym ? kNoSym : sub(live.handle);
      mine.many = live.many || inLoop(c.block);
      if (std::find(t.threads.begin(), t.threads.end(), mine) == t.threads.end())
        t.threads.push_back(mine);
    }
    for (Sym handle : e.joined) {
      Sym mine = sub(handle);
      bool started =
          std::erase_if(t.threads, [&](const LiveThread &live) { return sameHandle(live.handle, mine); });
      if (!started && isVisible(syms, syms.withoutVersions(mine)) &&
          std::find(t.joined.begin(), t.joined.end(), mine) == t.joined.end())
        t.joined.push_back(mine);
    }
    if (e.joinedMany && !std::erase_if(t.threads, [&](const LiveThread &live) { return live.ofMany(syms); }))
      t.joinedMany = true;
    t.endsThread = e.endsThread;
    t.jumps = e.jumps;
    if (e.unwinds) {
      thrown.push_back({std::move(t), true});
      continue;
    }
    Sym result = e.result == kNoSym ? freshResult(c) : sub(e.result);
    define(t, c.inst, result);
    if (c.keep != kNoSym)
      Memory::store(t, c.keep, result);
    out.push_back(std::move(t));
  }
}

void Transfer::applyExit(const Call &c, const Exit &e, Substitution &sub, State &s) const {
  if (s.doubt == kNoSym && e.doubt != kNoSym)
    s.doubt = sub(e.doubt);
  s.blurred = s.blurred || (e.blurred && (!e.locks.empty() || e.endsThread));
  std::vector<Sym> given;
  for (const LockDelta &d : e.locks) {
    Sym path = sub(d.path);
    // What two locks are to the callee, and one here, it gives back once.
    if (d.heldBefore && !d.heldAfter) {
      if (std::find(given.begin(), given.end(), path) != given.end())
        continue;
      given.push_back(path);
    }
    if (d.heldBefore && d.heldAfter) {
      // Released and taken again: a condition wait, for one.
      LockState *l = locks.find(s, path);
      if (!l) {
        LockState callers;
        callers.path = path;
        callers.fromCaller = true;
        callers.mode = d.mode;
        callers.kind = d.kind;
        callers.acquired = context.witnesses.add(frame.id, c.site, d.acquired);
        s.locks.push_back(callers);
      } else if (!l->held) {
        locks.release(s, path, d.mode, true, d.kind, c.site, d.released);
      } else if (l->mode != d.mode && d.acquired != kNone) {
        l->mode = d.mode; // a reader's hold, traded for a writer's
        l->acquired = context.witnesses.add(frame.id, c.site, d.acquired);
      }
    } else if (d.heldBefore) {
      // Through a pointer that is read from memory: see blurPointer.
      bool before = s.blurred, byPointer = c.inst.call == ir::CallKind::Indirect &&
                                           syms.kind(operand(s, c.inst.callee)) != SymKind::Function;
      s.blurred = before || byPointer;
      locks.release(s, path, d.mode, true, d.kind, c.site, d.released);
      s.blurred = before;
    } else if (d.heldAfter) {
      LockRequest r;
      r.path = path;
      r.mode = d.mode;
      r.kind = d.kind;
      locks.take(s, r, context.witnesses.add(frame.id, c.site, d.acquired));
    }
  }
}

// ---------------------------------------------------------------- what is recorded

void Transfer::noteCall(const Call &c, const std::vector<FunctionId> &targets, const std::vector<Sym> &args,
                        const State &s) {
  if (!recorder.on)
    return;
  CallEvent e;
  e.targets = targets;
  e.args = args;
  e.held = locks.heldNow(s);
  e.looped = looped(c.block, c.site);
  e.ascending = targets.size() == 1 ? orderOfArguments(s, targets[0], args) : 0;
  uint64_t identity = mixed(targets.empty() ? 0 : targets[0], e.ascending);
  recorder.add(recorder.events.calls, std::move(e), s, c.site, identity);
}

/// In which order the conditions here put the objects that a callee is given: it may lock them as they come.
uint64_t Transfer::orderOfArguments(const State &s, FunctionId callee, const std::vector<Sym> &args) const {
  constexpr size_t kMost = 8;
  size_t count = std::min({kMost, args.size(), context.program.function(callee).ir->params.size()});
  if (s.atoms.empty() || count < 2)
    return 0;
  uint64_t out = 0;
  for (size_t i = 0; i < count; ++i)
    for (size_t j = i + 1; j < count; ++j) {
      ClassId k = classOfArgument(context.program, callee, static_cast<int>(i));
      if (k == kNone || k != classOfArgument(context.program, callee, static_cast<int>(j)) ||
          args[i] == kNoSym || args[j] == kNoSym)
        continue;
      Between by = locks.between(s, args[i], args[j]);
      out |= by == Between::Ascending    ? uint64_t(1) << (8 * i + j)
             : by == Between::Descending ? uint64_t(1) << (8 * j + i)
                                         : 0;
    }
  return out;
}

void Transfer::noteSummary(const Call &c, FunctionId callee, const std::vector<Sym> &args, Substitution &sub,
                           const State &s) {
  if (!recorder.on)
    return;
  const Summary &summary = context.summaryOf(callee);
  if (summary.requests.empty() && summary.waits.empty() && summary.callbacks.empty())
    return;
  Surroundings around = locks.surroundings(s);
  Sym own = endedHere(callee, args, s);
  MadeHere made(syms, frame.id, *frame.ir);
  for (const Request &r : summary.requests) {
    Request mine = r.withoutAtoms();
    mine.path = sub(r.path);
    if (own != kNoSym && made.hangsOff(mine.path, own))
      continue;
    for (Sym &p : mine.released)
      p = sub(p);
    if (r.doubt != kNoSym)
      mine.doubt = sub(r.doubt);
    else if (r.takenBack)
      mine.doubt = syms.unknown(frame.id, c.site, kNone);
    if (locks.saysNothingNew(s, around, mine))
      continue;
    bool possible = true;
    for (size_t n = 0; n < r.atoms.size() && possible; ++n) {
      mine.atoms.push_back(conditions.normal(sub(r.atoms[n])));
      possible = conditions.evaluate(s, mine.atoms.back()) != Truth::False;
    }
    if (possible)
      locks.note(s, around, std::move(mine), c.site);
  }
  noteWaits(c, summary, sub, s, own);
  noteCallbacks(c, summary, sub, s);
}

/// The object that this call destroys, if this function made it and nobody else can know it; else kNoSym.
Sym Transfer::endedHere(FunctionId callee, const std::vector<Sym> &args, const State &s) const {
  bool ends = context.program.function(callee).ir->kind == ir::FunctionKind::Destructor && !args.empty() &&
              args[0] != kNoSym && s.threads.empty();
  return ends && MadeHere(syms, frame.id, *frame.ir).has(args[0]) ? args[0] : kNoSym;
}

void Transfer::noteWaits(const Call &c, const Summary &summary, Substitution &sub, const State &s, Sym own) {
  for (const BlockingWait &w : summary.waits) {
    WaitEvent e;
    e.wait = w;
    e.wait.object = sub(w.object);
    if (own != kNoSym && MadeHere(syms, frame.id, *frame.ir).hangsOff(e.wait.object, own))
      continue;
    e.wait.mutex = w.mutex == kNoSym ? kNoSym : sub(w.mutex);
    for (Sym &p : e.wait.released)
      p = sub(p);
    e.wait.looped = w.looped || looped(c.block, c.site);
    e.wait.witness = e.witness = context.witnesses.add(frame.id, c.site, w.witness);
    e.held = locks.heldNow(s, kNoSym, &e.wait.released);
    e.released = e.wait.released;
    if (w.kind == BlockingWait::Kind::Condition && e.wait.mutex != kNoSym)
      std::erase_if(e.held, [&](const HeldHere &h) { return locks.same(h.path, e.wait.mutex); });
    BlockingWait mine = e.wait;
    for (Sym released : locks.releasedFromCaller(s))
      mine.released.push_back(released);
    recorder.wait(std::move(mine));
    if (!e.held.empty())
      recorder.add(recorder.events.waits, std::move(e), s, c.site,
                   mixed(w.object, static_cast<uint64_t>(w.kind)));
  }
}

/// What the callee calls of what it was given: known here, or left to this function's callers.
void Transfer::noteCallbacks(const Call &c, const Summary &summary, Substitution &sub, const State &s) {
  for (const CallbackCall &cb : summary.callbacks) {
    CallbackCall mine = cb;
    mine.callee = sub(cb.callee);
    for (Sym &a : mine.args)
      a = a == kNoSym ? a : sub(a);
    for (LockState &l : mine.held) {
      l.path = sub(l.path);
      l.acquired = l.acquired == kNone ? kNone : context.witnesses.add(frame.id, c.site, l.acquired);
    }
    mine.witness = context.witnesses.add(frame.id, c.site, cb.witness);
    State during = s;
    for (const LockState &l : mine.held) {
      LockState *known = locks.find(during, l.path);
      if (!known)
        during.locks.push_back(l);
    }
    SymKind kind = syms.kind(mine.callee);
    FunctionId target = kNone;
    std::vector<Sym> args = mine.args;
    if (kind == SymKind::Function) {
      target = syms.node(mine.callee).a;
    } else if (Sym kept = Memory::stored(s, syms.slot(mine.callee, Slot::Kind));
               kept != kNoSym && syms.kind(kept) == SymKind::Function) {
      target = syms.node(kept).a;
      args.insert(args.begin(), syms.slot(mine.callee, Slot::Elements));
    }
    if (target != kNone && context.program.function(target).hasBody()) {
      noteCall(c, {target}, args, during);
      Substitution carried(context, frame, during, target, args, c.into, c.site);
      noteSummary(c, target, args, carried, during);
    } else if (isVisible(syms, mine.callee) && !syms.isConstant(mine.callee)) {
      for (const LockState &l : s.locks)
        if (l.held)
          mine.held.push_back(l);
      recorder.callback(std::move(mine));
    }
  }
}

// ---------------------------------------------------------------- unknown functions

/// Whether a pointer parameter lets the callee write what it points to.
static bool mayWrite(const Context &context, FunctionId callee, size_t n) {
  if (callee == kNone)
    return true;
  const FunctionEntry &e = context.program.function(callee);
  if (n == 0 && e.ir->isConst)
    return false;
  if (n >= e.ir->params.size() || e.ir->params[n].type == kNone)
    return true;
  const std::vector<ir::Type> &types = context.program.unit(e.unit).types;
  ir::Id element = types[e.ir->params[n].type].element;
  return element == kNone || !types[element].isConst;
}

/// What a method of a container gives is an iterator into it, or one of its elements; what such a one gives
/// is part of the container too.
void Transfer::noteOrigin(const Call &c, State &s, Sym result) {
  if (c.callee == kNone || c.args.empty() || c.args[0] == kNoSym ||
      !context.program.function(c.callee).ir->isSystem)
    return;
  Sym origin = Memory::stored(s, syms.slot(c.args[0], Slot::Origin));
  if (auto it = context.elementOf.find(c.args[0]); origin == kNoSym && it != context.elementOf.end())
    origin = it->second;
  bool method = context.program.function(c.callee).klass != kNone;
  if (origin == kNoSym && method && !syms.isLocalStorage(c.args[0]))
    origin = c.args[0];
  if (origin == kNoSym)
    return;
  if (c.into != kNoSym)
    Memory::store(s, syms.slot(c.into, Slot::Origin), origin);
  else
    context.elementOf.try_emplace(result, origin);
}

void Transfer::callUnknown(const Call &c, State &s) {
  for (size_t n = 0; n < c.args.size(); ++n) {
    Sym a = c.args[n];
    if (a == kNoSym)
      continue;
    if (n > 0 && c.args[0] != kNoSym)
      moveIntoContainer(s, c.args[0], a); // a thread's handle, perhaps
    SymKind root = syms.kind(syms.rootOf(a));
    if ((root != SymKind::Local && root != SymKind::Param && root != SymKind::Global) ||
        !mayWrite(context, c.callee, n))
      continue;
    bool address = root != SymKind::Param || syms.kind(a) == SymKind::Field;
    if (!address)
      continue;
    Sym origin = Memory::stored(s, syms.slot(a, Slot::Origin)); // ++it
    memory.forget(s, a);
    Memory::store(s, a, syms.unknown(frame.id, c.site, static_cast<uint32_t>(n)));
    if (origin != kNoSym)
      Memory::store(s, syms.slot(a, Slot::Origin), origin);
  }
  Sym result = freshResult(c);
  noteOrigin(c, s, result);
  define(s, c.inst, result);
  if (c.keep != kNoSym)
    Memory::store(s, c.keep, result);
}

} // namespace gordian::link
