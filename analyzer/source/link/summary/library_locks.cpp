// SPDX-License-Identifier: MIT
//
// Rows about locks, guards and conditions. A guard is memory like any other: the lock that it refers to and
// whether it owns it are stored in slots of its address, so that guards move, swap, return and are members of
// other objects by the same rules as pointers and flags do.
#include "source/link/callgraph/lock_methods.h"
#include "source/link/summary/transfer.h"

namespace gordian::link {

using facts::LockKind;

LockRequest Transfer::lockRequest(const Call &c, Sym path) const {
  LockRequest r;
  r.path = path;
  r.mode = c.row->mode;
  r.kind = c.row->kind;
  r.waits = c.row->waits;
  r.success = c.row->success;
  if (c.row->success != Success::Always && c.inst.result != kNone)
    r.result = freshResult(c);
  return r;
}

// ---------------------------------------------------------------- locks

/// pthread_mutexattr_settype's argument, or mtx_init's.
static LockKind kindOfNumber(const Row &row, int64_t n) {
  if (row.kind == LockKind::RwLock)
    return n == 2 ? LockKind::WriterRwLock : LockKind::RwLock; // PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP
  if (row.pattern == "mtx_init")
    return n & 1 ? LockKind::RecursiveMutex : LockKind::Mutex;
  return n == 1 ? LockKind::RecursiveMutex : n == 2 ? LockKind::ErrorCheckMutex : LockKind::Mutex;
}

void Transfer::initLock(const Call &c, State &s) {
  Sym lock = argument(c, c.row->object), attributes = argument(c, c.row->other);
  if (lock == kNoSym)
    return;
  LockKind kind = c.row->kind;
  if (attributes != kNoSym && syms.kind(attributes) != SymKind::Null) {
    // A number, or an object that remembers one.
    Sym number = syms.kind(attributes) == SymKind::Integer
                     ? attributes
                     : Memory::stored(s, syms.slot(attributes, Slot::Kind));
    if (number == kNoSym && syms.kind(syms.rootOf(attributes)) == SymKind::Local)
      number = syms.integer(0); // initialised and left at its defaults
    kind = number != kNoSym && syms.kind(number) == SymKind::Integer
               ? kindOfNumber(*c.row, static_cast<int64_t>(syms.node(number).n))
               : LockKind::Unknown;
  }
  if (recorder.on)
    recorder.events.kinds.push_back({lock, kind});
}

bool Transfer::lockRow(const Call &c, State &s, std::vector<State> &more, std::vector<Thrown> &thrown) {
  Sym object = argument(c, c.row->object);
  switch (c.row->effect) {
  case Effect::Acquire: {
    if (object != kNoSym) {
      LockRequest r = lockRequest(c, object);
      locks.acquire(s, r, c.site);
      memory.clobber(s, c.site, nullptr, true);
      define(s, c.inst, r.result == kNoSym ? freshResult(c) : r.result);
    }
    return true;
  }
  case Effect::Release:
    if (object != kNoSym) {
      locks.noteUntested(s, object, c.site);
      locks.release(s, object, c.row->mode, c.row->anyMode, c.row->kind, c.site, kNone);
    }
    define(s, c.inst, syms.integer(0));
    return true;
  case Effect::AcquireAll: {
    std::vector<LockRequest> all;
    std::vector<Sym> guards;
    for (Sym a : argumentsFrom(c, c.row->object)) {
      Sym lock = Memory::stored(s, syms.slot(a, Slot::Lock));
      if (lock != kNoSym)
        guards.push_back(a);
      LockRequest r = lockRequest(c, lock == kNoSym ? a : lock);
      all.push_back(r);
    }
    locks.acquireAll(s, all, c.site);
    for (Sym g : guards)
      Memory::store(s, syms.slot(g, Slot::Owned), syms.integer(1));
    memory.clobber(s, c.site, nullptr, true);
    define(s, c.inst, freshResult(c));
    return true;
  }
  case Effect::InitLock:
    initLock(c, s);
    define(s, c.inst, syms.integer(0));
    return true;
  case Effect::LockKindIs:
    if (object != kNoSym && argument(c, c.row->other) != kNoSym)
      Memory::store(s, syms.slot(object, Slot::Kind), argument(c, c.row->other));
    define(s, c.inst, syms.integer(0));
    return true;
  case Effect::DestroyLock: {
    const LockState *l = object == kNoSym ? nullptr : locks.find(s, object);
    if (recorder.on && object != kNoSym)
      recorder.events.destroyed.push_back({object, c.site});
    if (recorder.on && l && l->held && l->must && !l->fromCaller && locks.same(l->path, object)) {
      ExitEvent e;
      e.destroys = true;
      e.locks = {*l};
      recorder.add(recorder.events.exits, std::move(e), s, c.site, object);
    }
    define(s, c.inst, syms.integer(0));
    return true;
  }
  case Effect::Once: {
    if (object != kNoSym) {
      LockRequest r = lockRequest(c, object);
      r.result = kNoSym;
      r.success = Success::Always;
      locks.acquire(s, r, c.site);
    }
    callFunctions(c, resolveCallable(c, s, c.row->callee), forwardedFrom(c, c.row->other, s), s, more,
                  thrown);
    more.push_back(s);
    for (State &t : more)
      if (object != kNoSym && !t.dead)
        locks.release(t, object, c.row->mode, true, c.row->kind, c.site, kNone);
    s = std::move(more.back());
    more.pop_back();
    define(s, c.inst, syms.integer(0));
    return true;
  }
  default:
    return false;
  }
}

// ---------------------------------------------------------------- guards

/// A guard of several locks is a chain of parts, one for each.
std::vector<Sym> Transfer::guardParts(const State &s, Sym guard) const {
  std::vector<Sym> parts = {guard};
  for (Sym next = guard;;) {
    next = syms.slot(next, Slot::Next);
    if (Memory::stored(s, syms.slot(next, Slot::Lock)) == kNoSym || parts.size() > 16)
      return parts;
    parts.push_back(next);
  }
}

/// Takes the lock of guard `part` for it: through the row of its class, or the user's lock().
void Transfer::guardTake(const Call &c, Sym part, Sym lock, ClassId lockClass, Waits waits, Success success,
                         State &s, std::vector<State> &more, std::vector<Thrown> &thrown) {
  bool shared = c.row->mode == Mode::Shared;
  std::string_view name =
      waits == Waits::Forever ? (shared ? "lock_shared" : "lock") : (shared ? "try_lock_shared" : "try_lock");
  FunctionId body = methodBody(context.program, context.hierarchy, lockClass, name);
  if (body == kNone) {
    LockRequest r;
    r.path = lock;
    r.mode = c.row->mode;
    r.waits = waits;
    r.success = success;
    if (const Row *row = methodRow(context.program, lockClass, name))
      r.kind = row->kind;
    if (success != Success::Always)
      r.result = freshResult(c);
    locks.acquire(s, r, c.site);
    Memory::store(s, syms.slot(part, Slot::Owned), r.result == kNoSym ? syms.integer(1) : r.result);
    memory.clobber(s, c.site, nullptr, true);
    return;
  }
  Call inner = c;
  inner.callee = body;
  inner.row = nullptr;
  inner.args = {lock};
  Sym owned = syms.slot(part, Slot::Owned);
  if (waits != Waits::Forever)
    inner.keep = owned;
  size_t first = more.size();
  callFunctions(inner, {{body, kNoSym, {}}}, inner.args, s, more, thrown);
  if (waits != Waits::Forever)
    return;
  Memory::store(s, owned, syms.integer(1));
  for (size_t n = first; n < more.size(); ++n)
    Memory::store(more[n], owned, syms.integer(1));
}

/// Releases what the guard owns. Where that is not known, both ways are followed.
void Transfer::guardRelease(const Call &c, Sym guard, State &s, std::vector<State> &more,
                            std::vector<Thrown> &thrown) {
  for (Sym part : guardParts(s, guard)) {
    Sym owned = memory.read(s, syms.slot(part, Slot::Owned)),
        lock = memory.read(s, syms.slot(part, Slot::Lock));
    Truth owns = conditions.evaluate(s, owned);
    if (owns == Truth::False) {
      // Its destructor has nothing to do; unlock() of what it gave up already is a second release.
      const LockState *l = c.row->effect == Effect::GuardUnlock ? locks.find(s, lock) : nullptr;
      if (l && !l->held && l->acquired != kNone && locks.same(l->path, lock))
        locks.release(s, lock, l->mode, true, c.row->kind, c.site, kNone);
      continue;
    }
    LockState *held = locks.find(s, lock);
    if (owns == Truth::Unknown && !(held && held->held && held->pending != kNoSym)) {
      State without = s;
      // unlock() of what it does not own throws: the path does not go on.
      if (c.row->effect != Effect::GuardUnlock && conditions.assume(without, owned, false))
        more.push_back(std::move(without));
      conditions.assume(s, owned, true);
      held = locks.find(s, lock);
    }
    // An untested try: released if it was taken, and nothing is known to be wrong.
    Sym klass = Memory::stored(s, syms.slot(part, Slot::Kind));
    FunctionId body = kNone;
    if (klass != kNoSym && syms.kind(klass) == SymKind::Integer)
      body = methodBody(context.program, context.hierarchy, static_cast<ClassId>(syms.node(klass).n),
                        c.row->mode == Mode::Shared ? "unlock_shared" : "unlock");
    if (body != kNone) {
      Call inner = c;
      inner.callee = body;
      inner.row = nullptr;
      inner.args = {lock};
      size_t first = more.size();
      callFunctions(inner, {{body, kNoSym, {}}}, inner.args, s, more, thrown);
      for (size_t n = first; n < more.size(); ++n)
        Memory::store(more[n], syms.slot(part, Slot::Owned), syms.integer(0));
    } else {
      locks.release(s, lock, held ? held->mode : c.row->mode, true, c.row->kind, c.site, kNone);
    }
    Memory::store(s, syms.slot(part, Slot::Owned), syms.integer(0));
  }
}

void Transfer::guardMove(const Call &c, Sym to, Sym from, State &s) {
  Sym lock = memory.read(s, syms.slot(from, Slot::Lock)),
      owned = memory.read(s, syms.slot(from, Slot::Owned));
  Sym klass = Memory::stored(s, syms.slot(from, Slot::Kind));
  Memory::store(s, syms.slot(to, Slot::Lock), lock);
  Memory::store(s, syms.slot(to, Slot::Owned), owned);
  if (klass != kNoSym)
    Memory::store(s, syms.slot(to, Slot::Kind), klass);
  Memory::store(s, syms.slot(from, Slot::Lock), syms.null());
  Memory::store(s, syms.slot(from, Slot::Owned), syms.integer(0));
}

bool Transfer::guardRow(const Call &c, State &s, std::vector<State> &more, std::vector<Thrown> &thrown) {
  Sym guard = argument(c, c.row->object), other = argument(c, c.row->other);
  auto slot = [&](Slot which) { return syms.slot(guard, which); };
  if (guard == kNoSym)
    return false;
  switch (c.row->effect) {
  case Effect::GuardAcquire:
  case Effect::GuardAdopt:
  case Effect::GuardDefer:
  case Effect::GuardTry: {
    bool flexible =
        c.row->effect == Effect::GuardTry || c.row->effect == Effect::GuardDefer || c.row->tagAt >= 0;
    size_t first = static_cast<size_t>(c.row->other),
           count = flexible && c.row->tagAt != 1 ? first + 1 : c.args.size();
    std::vector<Sym> lockPaths(c.args.begin() + std::min(first, c.args.size()),
                               c.args.begin() + std::min(count, c.args.size()));
    Sym part = guard;
    std::vector<LockRequest> several;
    for (size_t n = 0; n < lockPaths.size(); ++n, part = syms.slot(part, Slot::Next)) {
      ClassId klass = classOfArgument(context.program, c.callee, static_cast<int>(first + n));
      Memory::store(s, syms.slot(part, Slot::Lock), lockPaths[n]);
      Memory::store(s, syms.slot(part, Slot::Owned), syms.integer(c.row->effect != Effect::GuardDefer));
      if (klass != kNone)
        Memory::store(s, syms.slot(part, Slot::Kind), syms.integer(klass));
      if (c.row->effect == Effect::GuardAdopt)
        locks.noteUntested(s, lockPaths[n], c.site);
      if (c.row->effect == Effect::GuardAdopt || c.row->effect == Effect::GuardDefer)
        continue;
      bool tries = c.row->effect == Effect::GuardTry;
      if (lockPaths.size() == 1) {
        guardTake(c, part, lockPaths[n], klass, c.row->waits, tries ? Success::True : Success::Always, s,
                  more, thrown);
        continue;
      }
      LockRequest r;
      r.path = lockPaths[n];
      if (const Row *row = methodRow(context.program, klass, "lock"))
        r.kind = row->kind;
      several.push_back(r);
    }
    if (!several.empty()) {
      locks.acquireAll(s, several, c.site);
      memory.clobber(s, c.site, nullptr, true);
    }
    return true;
  }
  case Effect::GuardEmpty:
    Memory::store(s, slot(Slot::Lock), syms.null());
    Memory::store(s, slot(Slot::Owned), syms.integer(0));
    return true;
  case Effect::GuardDestroy: {
    const size_t before = more.size();
    guardRelease(c, guard, s, more, thrown);
    // In a loop, the next round's guard is another one.
    if (syms.isLocalStorage(guard)) {
      memory.forget(s, guard);
      for (size_t n = before; n < more.size(); ++n)
        memory.forget(more[n], guard);
    }
    return true;
  }
  case Effect::GuardUnlock:
    guardRelease(c, guard, s, more, thrown);
    return true;
  case Effect::GuardLock: {
    Sym lock = memory.read(s, slot(Slot::Lock)), klass = Memory::stored(s, slot(Slot::Kind));
    ClassId lockClass = klass != kNoSym && syms.kind(klass) == SymKind::Integer
                            ? static_cast<ClassId>(syms.node(klass).n)
                            : kNone;
    guardTake(c, guard, lock, lockClass, c.row->waits, c.row->success, s, more, thrown);
    if (c.row->success != Success::Always)
      define(s, c.inst, memory.read(s, slot(Slot::Owned)));
    return true;
  }
  case Effect::GuardForget: {
    Sym lock = memory.read(s, slot(Slot::Lock));
    Memory::store(s, slot(Slot::Owned), syms.integer(0));
    Memory::store(s, slot(Slot::Lock), syms.null());
    define(s, c.inst, lock);
    return true;
  }
  case Effect::GuardOwns:
    define(s, c.inst, memory.read(s, slot(Slot::Owned)));
    return true;
  case Effect::GuardLockOf:
    define(s, c.inst, memory.read(s, slot(Slot::Lock)));
    return true;
  case Effect::GuardMove:
    if (other == kNoSym)
      return true;
    // A constructor makes a new guard, an assignment gives up what was owned.
    if (context.program.function(c.callee).ir->pattern.ends_with("operator=")) {
      guardRelease(c, guard, s, more, thrown);
      define(s, c.inst, guard);
    }
    guardMove(c, guard, other, s);
    return true;
  case Effect::GuardSwap: {
    if (other == kNoSym)
      return true;
    Sym spare = syms.slot(guard, Slot::Elements);
    guardMove(c, spare, guard, s);
    guardMove(c, guard, other, s);
    guardMove(c, other, spare, s);
    return true;
  }
  default:
    return false;
  }
}

// ---------------------------------------------------------------- conditions

bool Transfer::conditionRow(const Call &c, State &s, std::vector<State> &more, std::vector<Thrown> &thrown) {
  Sym condition = argument(c, c.row->object), other = argument(c, c.row->other);
  if (c.row->effect == Effect::ConditionNotify) {
    if (recorder.on && condition != kNoSym) {
      NotifyEvent e;
      e.object = condition;
      e.all = c.row->all;
      e.held = locks.heldNow(s);
      e.needed = locks.askedFor(s);
      e.unguarded = s.unguardedWrites;
      recorder.add(recorder.events.notifies, std::move(e), s, c.site, condition);
    }
    define(s, c.inst, syms.integer(0));
    return true;
  }
  if (c.row->effect != Effect::ConditionWait || condition == kNoSym)
    return c.row->effect == Effect::ConditionWait;
  Sym mutex = other;
  if (c.row->viaGuard && other != kNoSym) {
    mutex = memory.read(s, syms.slot(other, Slot::Lock));
    // condition_variable_any takes locks themselves, too.
    if (syms.kind(mutex) == SymKind::Load &&
        classOfArgument(context.program, c.callee, c.row->other) != kNone &&
        methodRow(context.program, classOfArgument(context.program, c.callee, c.row->other), "lock"))
      if (const Row *row =
              methodRow(context.program, classOfArgument(context.program, c.callee, c.row->other), "lock");
          row->effect == Effect::Acquire)
        mutex = other;
  }
  bool hasPredicate = c.row->callee >= 0;
  BlockingWait w;
  w.kind = BlockingWait::Kind::Condition;
  w.object = condition;
  w.mutex = mutex;
  w.timed = c.row->waits != Waits::Forever;
  w.looped = hasPredicate || looped(c.block, c.site);
  LockState *held = mutex == kNoSym ? nullptr : locks.find(s, mutex);
  // Nothing is known of a lock that was not touched here: the caller may hold it.
  bool mayBeHeld = mutex != kNoSym && (!held || held->held || held->unsure);
  if (!held && mutex != kNoSym) {
    LockState callers;
    callers.path = mutex;
    callers.fromCaller = true;
    s.locks.push_back(callers);
  }
  if (hasPredicate) {
    std::vector<Callable> predicate = resolveCallable(c, s, c.row->callee);
    if (recorder.on)
      for (const Callable &p : predicate)
        w.awaited.push_back(p.function);
    State during = s;
    std::vector<State> ignored;
    callFunctions(c, predicate, {}, during, ignored, thrown);
  }
  block(c, s, w, mayBeHeld, hasPredicate ? std::vector<Sym>() : predicateReads(s, c.block));
  memory.clobber(s, c.site, nullptr, false);
  define(s, c.inst, freshResult(c));
  return true;
}

} // namespace gordian::link
