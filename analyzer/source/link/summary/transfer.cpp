// SPDX-License-Identifier: MIT
#include "source/link/summary/transfer.h"

#include <algorithm>

namespace gordian::link {

using ir::Op;
using ir::OperandKind;

// ---------------------------------------------------------------- values and paths

Sym Transfer::valueOf(const State &s, ir::Id v) const {
  auto it = std::lower_bound(s.values.begin(), s.values.end(), v,
                             [](const std::pair<uint32_t, Sym> &p, ir::Id id) { return p.first < id; });
  if (it != s.values.end() && it->first == v)
    return it->second;
  return syms.old(syms.unknown(frame.id, kHeadSite, v)); // defined on another path only
}

void Transfer::define(State &s, const ir::Inst &i, Sym value) const {
  if (i.result == kNone)
    return;
  auto it = std::lower_bound(s.values.begin(), s.values.end(), i.result,
                             [](const std::pair<uint32_t, Sym> &p, ir::Id id) { return p.first < id; });
  if (it != s.values.end() && it->first == i.result)
    it->second = value;
  else
    s.values.insert(it, {i.result, value});
}

Sym Transfer::operand(const State &s, const ir::Operand &o) const {
  switch (o.kind) {
  case OperandKind::Value:
    return valueOf(s, o.id);
  case OperandKind::Integer:
    return syms.integer(o.integer);
  case OperandKind::Null:
    return syms.null();
  case OperandKind::Param:
    return syms.param(o.id);
  case OperandKind::Function:
    return syms.function(context.program.functionIn(frame.unit, o.id));
  case OperandKind::String:
    return syms.string(frame.unit, o.id);
  case OperandKind::ThreadId:
    return syms.threadSelf();
  case OperandKind::None:
  case OperandKind::Unknown:
    break;
  }
  return syms.old(syms.unknown(frame.id, kHeadSite, kNone)); // equal to nothing, not even to itself
}

Sym Transfer::addressOf(const State &s, const ir::Path &p) const {
  Sym at = kNoSym;
  switch (p.root) {
  case ir::RootKind::Local:
    at = syms.local(frame.id, p.id);
    break;
  case ir::RootKind::Global:
    at = syms.global(context.program.globalIn(frame.unit, p.id));
    break;
  case ir::RootKind::Deref:
    at = valueOf(s, p.id);
    break;
  }
  for (const ir::Proj &j : p.proj)
    switch (j.kind) {
    case ir::ProjKind::Field:
      at = syms.field(at, context.program.classIn(frame.unit, j.klass), j.index);
      break;
    case ir::ProjKind::Base:
      break; // fields name their class
    case ir::ProjKind::Index:
      at = syms.element(at, syms.integer(j.index));
      break;
    case ir::ProjKind::IndexValue:
      at = syms.element(at, valueOf(s, j.index));
      break;
    case ir::ProjKind::IndexAny:
      at = syms.element(at, kNoSym);
      break;
    case ir::ProjKind::Container:
      at = syms.container(at, context.program.classIn(frame.unit, j.klass), j.index);
      break;
    }
  return at;
}

// ---------------------------------------------------------------- accesses

/// Whether the object that `address` is part of is the one that a constructor or destructor works on.
static bool underConstruction(const Symbols &syms, const ir::Function &f, Sym address) {
  using ir::FunctionKind;
  bool builds = f.kind == FunctionKind::Constructor || f.kind == FunctionKind::CopyConstructor ||
                f.kind == FunctionKind::MoveConstructor || f.kind == FunctionKind::Destructor;
  Sym root = syms.rootOf(address);
  return builds && syms.kind(root) == SymKind::Param && syms.node(root).a == 0;
}

void Transfer::access(const State &s, const ir::Inst &i, Sym address, bool write, uint32_t site) {
  if (!recorder.on)
    return;
  Sym root = syms.rootOf(address);
  const SymNode &r = syms.node(root);
  if (r.kind == SymKind::Local && r.a == frame.id && !frame.ir->locals[r.b].escapes)
    return;
  if (r.kind == SymKind::Alloc || r.kind == SymKind::String)
    return; // not shared yet (may miss what is published in between)
  AccessEvent e;
  e.address = address;
  e.write = write;
  e.atomic = i.access == ir::AccessKind::Atomic;
  e.exchanges = i.op == Op::Rmw &&
                (i.arithmetic == ir::Arithmetic::Exchange || i.arithmetic == ir::Arithmetic::CompareExchange);
  e.constructing = underConstruction(syms, *frame.ir, address);
  e.held = locks.heldNow(s, address);
  recorder.add(recorder.events.accesses, std::move(e), s, site, mixed(address, write));
}

/// What a waiter's predicate may read, changed while no lock is held.
void Transfer::noteWrite(State &s, Sym address, uint32_t site) const {
  constexpr size_t kMost = 8;
  if (!frame.notifies || s.unguardedWrites.size() >= kMost)
    return;
  // A local variable of its own nobody else can read before there is a thread that was given it.
  const SymNode &root = syms.node(syms.rootOf(address));
  if (root.kind == SymKind::Local &&
      (root.a != frame.id || !frame.ir->locals[root.b].escapes || s.threads.empty()))
    return;
  for (const LockState &l : s.locks)
    if (l.held)
      return;
  if (std::find(s.unguardedWrites.begin(), s.unguardedWrites.end(), std::pair(address, site)) ==
      s.unguardedWrites.end())
    s.unguardedWrites.push_back({address, site});
}

/// Reads or writes through a pointer: it is not null from here on, which the callers of a function are told
/// of its parameters. False where it is null on this path: the program ends here, and what the path would say
/// of locks further on is no defect of theirs.
bool Transfer::follow(State &s, const ir::Path &p) const {
  if (p.root != ir::RootKind::Deref)
    return true;
  Sym pointer = valueOf(s, p.id);
  s.dead = conditions.isNull(s, pointer);
  if (!s.dead && syms.kind(pointer) == SymKind::Param)
    conditions.noteNotNull(s, pointer);
  return !s.dead;
}

void Transfer::load(const ir::Inst &i, uint32_t site, State &s) {
  if (!follow(s, i.path))
    return;
  Sym address = addressOf(s, i.path);
  access(s, i, address, false, site);
  define(s, i, memory.read(s, address));
}

void Transfer::store(const ir::Inst &i, uint32_t site, State &s) {
  if (!follow(s, i.path))
    return;
  Sym address = addressOf(s, i.path), value = operand(s, i.args[0]);
  access(s, i, address, true, site);
  noteWrite(s, address, site);
  handMadeLock(i, site, s, address);
  // What is written once for ever is known by its name everywhere, also where it is written.
  bool named = syms.kind(address) == SymKind::Global && !syms.isConstant(value) &&
               !context.writes.changes(Memory::keyOf(syms, address));
  if (!named)
    memory.write(s, address, value, site);
  if (recorder.on && syms.kind(address) == SymKind::Field) {
    ClassId c = syms.node(address).b;
    if (context.program.klass(c).ir->isLambda)
      recorder.captures.try_emplace({c, static_cast<uint32_t>(syms.node(address).n)},
                                    Capture{frame.id, value});
  }
}

/// The variable is a spin lock made by hand (spin_locks.h). True: what is there now, and the result, are
/// told.
bool Transfer::handMadeLock(const ir::Inst &i, uint32_t site, State &s, Sym address) {
  if (i.access == ir::AccessKind::Plain || !context.world.spins.has(Memory::keyOf(syms, address)))
    return false;
  // No bad release is told of it: what a thread writes may as well open a gate for others.
  if (SpinLocks::gives(i) && !underConstruction(syms, *frame.ir, address))
    locks.release(s, address, Mode::Exclusive, true, facts::LockKind::Semaphore, site, kNone);
  if (!SpinLocks::takes(i))
    return false;
  LockRequest r;
  r.path = address;
  r.kind = facts::LockKind::Spin;
  r.waits = context.world.spins.waits(i) ? Waits::Forever : Waits::Never;
  r.result = syms.unknown(frame.id, site, 0);
  r.success = i.arithmetic == ir::Arithmetic::Exchange ? Success::Zero : Success::True;
  locks.acquire(s, r, site);
  memory.write(s, address, syms.unknown(frame.id, site, 1), site);
  define(s, i, r.result);
  return true;
}

void Transfer::modify(const ir::Inst &i, uint32_t site, State &s) {
  Sym address = addressOf(s, i.path), old = memory.read(s, address);
  Sym by = i.args.empty() ? syms.integer(1) : operand(s, i.args[0]);
  access(s, i, address, true, site);
  noteWrite(s, address, site);
  if (handMadeLock(i, site, s, address))
    return;
  switch (i.arithmetic) {
  case ir::Arithmetic::Exchange:
    memory.write(s, address, by, site);
    return define(s, i, old);
  case ir::Arithmetic::CompareExchange:
    memory.write(s, address, syms.unknown(frame.id, site, 1), site);
    return define(s, i, syms.unknown(frame.id, site, 0));
  default:
    memory.write(s, address, syms.arith(i.arithmetic, old, by), site);
    return define(s, i, old);
  }
}

// ---------------------------------------------------------------- steps

void Transfer::step(const ir::Inst &i, uint32_t site, ir::Id block, State &s, std::vector<State> &more,
                    std::vector<Thrown> &thrown) {
  switch (i.op) {
  case Op::Load:
    return load(i, site, s);
  case Op::Store:
    return store(i, site, s);
  case Op::Rmw:
    return modify(i, site, s);
  case Op::AddressOf:
    return define(s, i, addressOf(s, i.path));
  case Op::Copy:
    return define(s, i, operand(s, i.args[0]));
  case Op::Compare:
    return define(s, i, syms.compare(i.predicate, operand(s, i.args[0]), operand(s, i.args[1])));
  case Op::Not:
    return define(s, i, syms.logicalNot(operand(s, i.args[0])));
  case Op::Arith: {
    Sym a = operand(s, i.args[0]);
    return define(s, i, syms.arith(i.arithmetic, a, i.args.size() > 1 ? operand(s, i.args[1]) : a));
  }
  case Op::Alloc:
    return define(s, i, syms.alloc(frame.id, site));
  case Op::Free:
    return memory.forget(s, operand(s, i.args[0]));
  case Op::CopyObject: {
    Sym to = addressOf(s, i.path), from = operand(s, i.args[0]);
    access(s, i, to, true, site);
    return memory.copyObject(s, to, from);
  }
  case Op::Invalidate:
    return memory.forget(s, syms.local(frame.id, i.path.id));
  case Op::Await:
    return memory.clobber(s, site, nullptr, true);
  case Op::Call:
    return call(i, site, block, s, more, thrown);
  }
}

} // namespace gordian::link
