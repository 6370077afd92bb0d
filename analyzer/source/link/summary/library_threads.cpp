// SPDX-License-Identifier: MIT
//
// Rows about threads and about everything else that one can wait for. A thread that is started is live until
// it is joined through its handle; handles are followed through moves. A join whose handle cannot be told (an
// element of a container, in a loop) joins all threads whose handles cannot be told (may miss).
#include "source/link/callgraph/lock_methods.h"
#include "source/link/summary/transfer.h"

#include <algorithm>

namespace gordian::link {

// ---------------------------------------------------------------- waiting

/// Follows jumps from `b` to the first block with a choice; stops at `stop`.
static ir::Id nextChoice(const ir::Function &f, ir::Id b, ir::Id stop, bool &stopped) {
  for (size_t n = 0; n <= f.blocks.size(); ++n) {
    if (b == stop) {
      stopped = true;
      return b;
    }
    const ir::Terminator &t = f.blocks[b].term;
    if (t.successors.size() != 1 || t.kind == ir::TermKind::Throw)
      return b;
    b = t.successors[0];
  }
  return b;
}

/// Where control goes instead of `b`: the other way of the branch that leads to it. kNone if several ways
/// lead to it.
static ir::Id bypassOf(const ir::Function &f, ir::Id b) {
  for (size_t hops = 0; hops < f.blocks.size(); ++hops) {
    ir::Id from = kNone;
    for (ir::Id p = 0; p < f.blocks.size(); ++p)
      for (ir::Id to : f.blocks[p].term.successors)
        if (to == b) {
          if (from != kNone && from != p)
            return kNone;
          from = p;
        }
    if (from == kNone)
      return kNone;
    const ir::Terminator &t = f.blocks[from].term;
    if (t.kind == ir::TermKind::Branch)
      return t.successors[0] == b ? t.successors[1] : t.successors[0];
    b = from;
  }
  return kNone;
}

/// Nothing but locks changes from instruction `from` of `b` on.
bool Transfer::isQuiet(ir::Id b, size_t from) const {
  const std::vector<ir::Inst> &insts = frame.ir->blocks[b].insts;
  for (size_t n = from; n < insts.size(); ++n) {
    const ir::Inst &i = insts[n];
    if (i.op == ir::Op::Store && i.path.root == ir::RootKind::Local)
      continue;
    if (i.op == ir::Op::Store || i.op == ir::Op::Rmw)
      return false;
    if (i.op != ir::Op::Call)
      continue;
    const Row *row = i.function == kNone
                         ? nullptr
                         : context.program.function(context.program.functionIn(frame.unit, i.function)).row;
    if (!row || (row->effect != Effect::Acquire && row->effect != Effect::Release))
      return false;
  }
  return true;
}

/// What a branch reads, as far as it is not local.
std::vector<WriteKey> Transfer::testedIn(ir::Id b) const {
  std::vector<WriteKey> out;
  State none;
  for (const ir::Inst &i : frame.ir->blocks[b].insts)
    if (i.op == ir::Op::Load && i.path.root != ir::RootKind::Local)
      if (WriteKey key = Memory::keyOf(syms, addressOf(none, i.path)))
        out.push_back(key);
  return out;
}

/// `if (!p) wait` as the last thing of a round, or with a second test of p right behind it: a wake-up without
/// cause makes one more round and no harm.
bool Transfer::goesRoundQuietly(ir::Id block, uint32_t site, uint32_t loop) const {
  const ir::Function &f = *frame.ir;
  size_t from = site - frame.shape.firstSite[block] + 1;
  ir::Id guard = kNone;
  for (ir::Id p = 0; p < f.blocks.size(); ++p)
    if (f.blocks[p].term.kind == ir::TermKind::Branch &&
        std::count(f.blocks[p].term.successors.begin(), f.blocks[p].term.successors.end(), block))
      guard = p;
  ir::Id b = block;
  for (size_t n = 0; n <= f.blocks.size() && isQuiet(b, from); ++n, from = 0) {
    const std::vector<ir::Id> &next = f.blocks[b].term.successors;
    if (next.size() != 1) {
      std::vector<WriteKey> again = testedIn(b), first = guard == kNone ? again : testedIn(guard);
      return guard != kNone && guard != b && std::any_of(first.begin(), first.end(), [&](WriteKey k) {
               return std::find(again.begin(), again.end(), k) != again.end();
             });
    }
    b = next[0];
    if (b == frame.shape.loops[loop].head)
      return true;
  }
  return false;
}

/// Whether what is awaited is tested again before the code behind the wait is reached: `while (!p) wait`,
/// do-while, an endless loop with a test after the wait; not `if (!p) wait`, even in a loop.
bool Transfer::looped(ir::Id block, uint32_t site) const {
  const ir::Function &f = *frame.ir;
  uint32_t loop = frame.shape.loopOf[block];
  if (loop == kNone)
    return false;
  bool bypassed = false;
  ir::Id choice = block;
  if (f.blocks[block].term.successors.size() == 1)
    choice = nextChoice(f, f.blocks[block].term.successors[0], bypassOf(f, block), bypassed);
  const std::vector<ir::Id> &inside = frame.shape.loops[loop].blocks;
  return (!bypassed && f.blocks[choice].term.successors.size() >= 2 &&
          std::find(inside.begin(), inside.end(), choice) != inside.end()) ||
         goesRoundQuietly(block, site, loop);
}

/// Whether a timed wait under `if (!p)`, in no loop, has its result used and p not looked at again: the
/// result then stands for the event. Without a use it is a sleep.
bool Transfer::isBelieved(const Call &c) const {
  const ir::Function &f = *frame.ir;
  if (c.inst.result == kNone || frame.shape.loopOf[c.block] != kNone)
    return false;
  auto isResult = [&](const ir::Operand &o) {
    return o.kind == ir::OperandKind::Value && o.id == c.inst.result;
  };
  bool used = false;
  std::vector<WriteKey> tested;
  for (ir::Id b = 0; b < f.blocks.size(); ++b) {
    for (const ir::Inst &i : f.blocks[b].insts)
      used = used || std::any_of(i.args.begin(), i.args.end(), isResult);
    const std::vector<ir::Id> &next = f.blocks[b].term.successors;
    used = used || isResult(f.blocks[b].term.value);
    if (next.size() == 2 && std::count(next.begin(), next.end(), c.block))
      tested = testedIn(b);
  }
  std::vector<ir::Id> behind = f.blocks[c.block].term.successors;
  for (size_t n = 0; n < behind.size(); ++n) {
    const ir::Terminator &t = f.blocks[behind[n]].term;
    if (t.kind != ir::TermKind::Jump)
      for (WriteKey k : testedIn(behind[n]))
        used = used && std::find(tested.begin(), tested.end(), k) == tested.end();
    for (ir::Id to : t.successors)
      if (std::find(behind.begin(), behind.end(), to) == behind.end())
        behind.push_back(to);
  }
  return used && !tested.empty();
}

/// The addresses whose values decide whether the loop around a wait goes on.
std::vector<Sym> Transfer::predicateReads(const State &s, ir::Id block) const {
  std::vector<Sym> out;
  uint32_t loop = frame.shape.loopOf[block];
  if (loop == kNone)
    return out;
  std::vector<WriteKey> tested;
  for (ir::Id b : frame.shape.loops[loop].blocks)
    if (frame.ir->blocks[b].term.kind == ir::TermKind::Branch)
      for (const ir::Inst &i : frame.ir->blocks[b].insts)
        if (i.op == ir::Op::Load && i.path.root != ir::RootKind::Local)
          tested.push_back(Memory::keyOf(syms, addressOf(s, i.path)));
  auto collect = [&](Sym x, auto &&self) -> void {
    const SymNode n = syms.node(x);
    if (n.kind == SymKind::Load &&
        std::find(tested.begin(), tested.end(), Memory::keyOf(syms, n.a)) != tested.end()) {
      if (std::find(out.begin(), out.end(), n.a) == out.end())
        out.push_back(n.a);
      return;
    }
    if (n.kind == SymKind::Not)
      self(n.a, self);
    if (n.kind == SymKind::Compare || n.kind == SymKind::Arith) {
      self(n.a, self);
      self(n.b, self);
    }
  };
  for (const Atom &a : s.atoms) {
    collect(a.left, collect);
    collect(a.right, collect);
  }
  return out;
}

void Transfer::block(const Call &c, const State &s, BlockingWait w, bool mutexHeld,
                     std::vector<Sym> predicate) {
  if (!recorder.on)
    return;
  WaitEvent e;
  w.witness = e.witness = context.witnesses.add(frame.id, c.site);
  e.wait = w;
  e.ownWait = true;
  e.tested = bypassOf(*frame.ir, c.block) != kNone;
  e.believed = e.tested && w.timed && isBelieved(c);
  e.mutexHeld = mutexHeld;
  if (const LockState *l = w.mutex == kNoSym ? nullptr : locks.find(s, w.mutex))
    e.mutexTaken = l->held && l->acquired != kNone;
  e.predicate = std::move(predicate);
  e.held = locks.heldNow(s);
  if (w.kind == BlockingWait::Kind::Condition && w.mutex != kNoSym)
    std::erase_if(e.held, [&](const HeldHere &h) { return locks.same(h.path, w.mutex) || h.fromCaller; });
  BlockingWait mine = w;
  mine.released = locks.releasedFromCaller(s);
  recorder.wait(std::move(mine));
  recorder.add(recorder.events.waits, std::move(e), s, c.site,
               mixed(w.object, static_cast<uint64_t>(w.kind)));
}

bool Transfer::waitingRow(const Call &c, State &s) {
  Sym object = argument(c, c.row->object);
  BlockingWait w;
  w.object = object;
  w.timed = c.row->waits != Waits::Forever;
  bool waits = c.row->waits != Waits::Never;
  auto note = [&](BlockingWait::Kind kind) {
    w.kind = kind;
    if (object != kNoSym && waits)
      block(c, s, w);
    memory.clobber(s, c.site, nullptr, true);
  };
  auto wake = [&](BlockingWait::Kind kind) {
    if (!recorder.on || object == kNoSym)
      return;
    NotifyEvent e;
    e.kind = kind;
    e.object = object;
    e.held = locks.heldNow(s);
    // Who posts the unit that it has taken itself needs for that only what it asks for meanwhile.
    e.needed = locks.askedFor(s, kind == BlockingWait::Kind::Semaphore ? object : kNoSym);
    recorder.add(recorder.events.notifies, std::move(e), s, c.site, object);
  };
  switch (c.row->effect) {
  case Effect::SemaphoreInit:
    if (object != kNoSym && recorder.on) {
      Sym count = argument(c, c.row->other);
      bool one = count != kNoSym && syms.kind(count) == SymKind::Integer && syms.node(count).n == 1;
      recorder.events.kinds.push_back({object, one ? facts::LockKind::Semaphore : facts::LockKind::Unknown});
    }
    break;
  case Effect::SemaphoreWait: {
    note(BlockingWait::Kind::Semaphore);
    // It may be used as a lock: that is decided by its initial count.
    if (object != kNoSym) {
      LockRequest r = lockRequest(c, object);
      r.kind = facts::LockKind::Semaphore;
      locks.acquire(s, r, c.site);
      define(s, c.inst, r.result == kNoSym ? freshResult(c) : r.result);
      return true;
    }
    break;
  }
  case Effect::SemaphorePost:
    wake(BlockingWait::Kind::Semaphore);
    if (object != kNoSym)
      locks.release(s, object, Mode::Exclusive, true, facts::LockKind::Semaphore, c.site, kNone);
    break;
  case Effect::BarrierWait:
    wake(BlockingWait::Kind::Barrier);
    note(BlockingWait::Kind::Barrier);
    break;
  case Effect::LatchWait:
    if (c.row->pattern.ends_with("arrive_and_wait"))
      wake(BlockingWait::Kind::Latch);
    note(BlockingWait::Kind::Latch);
    break;
  case Effect::LatchCount:
    wake(BlockingWait::Kind::Latch);
    break;
  case Effect::PromiseSet:
    wake(BlockingWait::Kind::Future);
    break;
  case Effect::FutureWait:
    // The destructor waits for what std::async started, and for nothing else.
    if (c.row->may) {
      bool async = std::any_of(s.threads.begin(), s.threads.end(),
                               [&](const LiveThread &t) { return t.async && sameHandle(t.handle, object); });
      if (!async)
        return true;
    }
    if (object != kNoSym && waits)
      waitForFuture(c, s, object);
    break;
  default:
    return false;
  }
  define(s, c.inst, freshResult(c));
  return true;
}

// ---------------------------------------------------------------- threads

bool Transfer::sameHandle(Sym a, Sym b) const {
  if (a == kNoSym || b == kNoSym)
    return false;
  Sym x = syms.withoutVersions(a), y = syms.withoutVersions(b);
  if (x == y)
    return true;
  auto index = [&](Sym h) { return static_cast<Sym>(syms.node(h).n); };
  auto constant = [&](Sym h) {
    return syms.kind(h) == SymKind::Element && index(h) != kNoSym && syms.kind(index(h)) == SymKind::Integer;
  };
  if (constant(x) && constant(y))
    return false;
  return isVagueHandle(x) && isVagueHandle(y);
}

/// One of several, as far as anyone can tell.
bool Transfer::isVagueHandle(Sym h) const {
  SymKind k = syms.kind(h);
  return k == SymKind::Element || syms.isVague(h) || k == SymKind::Result || k == SymKind::FromCall ||
         k == SymKind::Phi || k == SymKind::Load || k == SymKind::Unknown;
}

/// pthread_join is given the handle's value, pthread_create its address.
Sym Transfer::handleOf(const State &s, Sym value) const {
  if (syms.kind(value) == SymKind::Load)
    return syms.node(value).a;
  for (const Binding &b : s.memory)
    if (b.second == value)
      return b.first;
  return value;
}

void Transfer::spawn(const Call &c, State &s, Sym handle, const std::vector<Callable> &targets,
                     std::vector<Sym> args, bool future) {
  constexpr size_t kMaxThreads = 12;
  SpawnEvent e;
  for (const Callable &t : targets)
    e.targets.push_back(t.function);
  if (!targets.empty()) {
    if (targets[0].self != kNoSym)
      args.insert(args.begin(), targets[0].self);
    args.insert(args.begin(), targets[0].bound.begin(), targets[0].bound.end());
  }
  e.args = args;
  e.handle = handle;
  e.many = inLoop(c.block);
  Sym callee = argument(c, c.row->callee);
  e.given = callee != kNoSym && syms.kind(callee) == SymKind::Param;
  if (recorder.on) {
    e.held = locks.heldNow(s);
    recorder.add(recorder.events.spawns, e, s, c.site, e.targets.empty() ? 0 : e.targets[0]);
  }
  LiveThread t = {handle, frame.id, c.site, e.many, future};
  if (std::find(s.threads.begin(), s.threads.end(), t) == s.threads.end() && s.threads.size() < kMaxThreads)
    s.threads.push_back(t);
  memory.clobber(s, c.site, nullptr, true);
}

void Transfer::join(const Call &c, State &s, BlockingWait::Kind kind, Sym handle) {
  BlockingWait w;
  w.kind = kind;
  // A future waits for its promise, where that is known.
  Sym promise = Memory::stored(s, syms.slot(handle, Slot::Thread));
  w.object = promise == kNoSym ? handle : promise;
  if (Sym task = Memory::stored(s, syms.slot(handle, Slot::Kind));
      promise != kNoSym && task != kNoSym && syms.kind(task) == SymKind::Function)
    w.awaited.push_back(syms.node(task).a);
  w.timed = c.row->waits != Waits::Forever;
  for (const LiveThread &t : s.threads)
    if (sameHandle(t.handle, handle))
      for (const SpawnEvent &e : recorder.events.spawns)
        if (t.function == frame.id && e.site == t.site)
          w.awaited.insert(w.awaited.end(), e.targets.begin(), e.targets.end());
  bool mine = std::any_of(s.threads.begin(), s.threads.end(),
                          [&](const LiveThread &t) { return sameHandle(t.handle, handle); });
  // The destructor of a local jthread that was moved away or never started waits for nothing.
  bool nothing = !mine && syms.isLocalStorage(handle) && c.callee != kNone &&
                 context.program.function(c.callee).ir->kind == ir::FunctionKind::Destructor;
  if (!nothing && c.row->waits != Waits::Never)
    block(c, s, w);
  std::erase_if(s.threads, [&](const LiveThread &t) { return sameHandle(t.handle, handle); });
  if (!mine && isVisible(syms, syms.withoutVersions(handle)) &&
      std::find(s.joined.begin(), s.joined.end(), handle) == s.joined.end())
    s.joined.push_back(handle);
  memory.clobber(s, c.site, nullptr, true);
}

/// Slot::Owned of a future: whether its answer is there already, as far as an earlier wait tells.
void Transfer::waitForFuture(const Call &c, State &s, Sym future) {
  Sym ready = syms.slot(future, Slot::Owned), known = Memory::stored(s, ready);
  if (known == kNoSym || conditions.evaluate(s, known) != Truth::True)
    join(c, s, BlockingWait::Kind::Future, future);
  // std::future_status::ready is 0.
  Sym result = freshResult(c);
  Memory::store(s, ready,
                c.row->waits == Waits::Timed ? syms.compare(ir::Predicate::Eq, result, syms.integer(0))
                                             : syms.integer(1));
  define(s, c.inst, result);
}

/// The thread is also known as started under its new handle: "member = std::thread(...)" is joined elsewhere.
static void moveHandle(const Symbols &syms, Recorder &recorder, FunctionId f, LiveThread &t, Sym to) {
  t.handle = to;
  for (SpawnEvent &e : recorder.events.spawns)
    if (t.function == f && e.site == t.site && e.handle != kNoSym && syms.isLocalStorage(e.handle))
      e.handle = to;
}

/// Whether `from` is a handle; its thread then belongs to the container.
bool Transfer::moveIntoContainer(State &s, Sym container, Sym from) const {
  bool moved = false;
  for (LiveThread &t : s.threads)
    if (from != kNoSym && t.handle == from) {
      moveHandle(syms, recorder, frame.id, t, syms.element(container, kNoSym));
      moved = true;
    }
  return moved;
}

void Transfer::moveThread(State &s, Sym to, Sym from) const {
  for (LiveThread &t : s.threads)
    if (sameHandle(t.handle, from))
      moveHandle(syms, recorder, frame.id, t, to);
}

/// Whether a thread handle that is assigned to holds a thread already: no test of the object's state has led
/// here, so it is the same in the second call (may miss).
bool Transfer::isReplaced(const State &s) const {
  if (frame.ir->kind == ir::FunctionKind::Constructor)
    return false;
  auto reads = [&](Sym x) { return syms.kind(x) == SymKind::Load || syms.kind(x) == SymKind::Result; };
  return std::none_of(s.atoms.begin(), s.atoms.end(),
                      [&](const Atom &a) { return reads(a.left) || reads(a.right); });
}

bool Transfer::threadRow(const Call &c, State &s) {
  Sym object = argument(c, c.row->object), other = argument(c, c.row->other);
  switch (c.row->effect) {
  case Effect::SpawnInto:
  case Effect::Spawn:
  case Effect::SpawnFuture: {
    bool future = c.row->effect == Effect::SpawnFuture;
    Sym handle = future ? c.into : object;
    if (c.row->effect == Effect::SpawnInto) {
      // A thread that is moved in, not made.
      if (moveIntoContainer(s, object, argument(c, 1))) {
        define(s, c.inst, freshResult(c));
        return true;
      }
      handle = syms.element(object, kNoSym);
    }
    spawn(c, s, handle, resolveCallable(c, s, c.row->callee), forwardedFrom(c, c.row->other, s), future);
    bool byPointer = c.callee != kNone && context.program.function(c.callee).klass == kNone && !future;
    if (byPointer && handle != kNoSym)
      Memory::store(s, handle, syms.unknown(frame.id, c.site, 7));
    define(s, c.inst, syms.result(frame.id, c.site));
    return true;
  }
  case Effect::Join:
    if (object != kNoSym) {
      bool isObject = context.program.function(c.callee).klass != kNone;
      join(c, s, BlockingWait::Kind::Join, isObject ? object : handleOf(s, object));
    }
    define(s, c.inst, freshResult(c));
    return true;
  case Effect::JoinElements:
    if (object != kNoSym)
      join(c, s, BlockingWait::Kind::Join, syms.element(object, kNoSym));
    define(s, c.inst, freshResult(c));
    return true;
  case Effect::Detach:
    // It may run on for ever.
    for (LiveThread &t : s.threads)
      if (sameHandle(t.handle, object))
        t.handle = kNoSym;
    return true;
  case Effect::ThreadMove:
    if (object == kNoSym && c.into != kNoSym)
      object = c.into;
    if (c.row->may && object != kNoSym && isReplaced(s))
      join(c, s, BlockingWait::Kind::Join, object);
    if (object != kNoSym)
      Memory::erase(s, syms.slot(object, Slot::Owned));
    if (object != kNoSym && other != kNoSym) {
      moveThread(s, object, other);
      if (Sym promise = Memory::stored(s, syms.slot(other, Slot::Thread)); promise != kNoSym)
        Memory::store(s, syms.slot(object, Slot::Thread), promise);
    }
    define(s, c.inst, object == kNoSym ? freshResult(c) : object);
    return true;
  case Effect::ThreadSwap:
    if (object != kNoSym && other != kNoSym) {
      Sym spare = syms.slot(object, Slot::Thread);
      moveThread(s, spare, object);
      moveThread(s, object, other);
      moveThread(s, other, spare);
    }
    return true;
  case Effect::ThreadSelf:
    define(s, c.inst, syms.threadSelf());
    if (c.into != kNoSym)
      Memory::store(s, c.into, syms.threadSelf());
    return true;
  case Effect::Handler:
    if (c.row->callee >= 0) {
      for (const Callable &h : resolveCallable(c, s, c.row->callee))
        context.handlers.insert(h.function);
    } else if (other != kNoSym) {
      for (const Binding &b : s.memory)
        if (syms.kind(b.second) == SymKind::Function && syms.rootOf(b.first) == syms.rootOf(other))
          context.handlers.insert(syms.node(b.second).a);
    }
    define(s, c.inst, freshResult(c));
    return true;
  case Effect::ThreadExit:
    s.endsThread = true;
    return true;
  case Effect::LongJump:
    s.endsThread = s.jumps = true;
    return true;
  case Effect::SetJump:
    // Its second return comes with the jumps, where the program has any.
    define(s, c.inst, context.world.longJumps ? syms.integer(0) : freshResult(c));
    return true;
  case Effect::PromiseFuture:
    if (c.into != kNoSym && object != kNoSym) {
      Memory::store(s, syms.slot(c.into, Slot::Thread), object);
      // A packaged task: its function answers, whoever runs it.
      if (Sym task = Memory::stored(s, syms.slot(object, Slot::Kind)); task != kNoSym)
        Memory::store(s, syms.slot(c.into, Slot::Kind), task);
    }
    return true;
  default:
    return false;
  }
}

} // namespace gordian::link
