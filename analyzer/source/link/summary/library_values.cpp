// SPDX-License-Identifier: MIT
//
// Rows about values that the library keeps and hands out: owners, containers, callables.
#include "source/link/callgraph/lock_methods.h"
#include "source/link/summary/comparisons.h"
#include "source/link/summary/transfer.h"

namespace gordian::link {

bool Transfer::valueRow(const Call &c, State &s) {
  Sym object = argument(c, c.row->object), other = argument(c, c.row->other);
  auto pointer = [&](Sym owner) { return syms.slot(owner, Slot::Pointer); };
  switch (c.row->effect) {
  case Effect::PassThrough:
    define(s, c.inst, object == kNoSym ? freshResult(c) : object);
    if (c.into != kNoSym && object != kNoSym)
      Memory::store(s, pointer(c.into), object);
    return true;
  case Effect::OwnerGet:
    define(s, c.inst, object == kNoSym ? freshResult(c) : memory.read(s, pointer(object)));
    return true;
  case Effect::OwnerTest:
    define(s, c.inst,
           object == kNoSym ? freshResult(c)
                            : syms.compare(ir::Predicate::Ne, memory.read(s, pointer(object)), syms.null()));
    return true;
  case Effect::OwnerSet:
    if (object != kNoSym)
      Memory::store(s, pointer(object), c.row->other < 0 || other == kNoSym ? syms.null() : other);
    define(s, c.inst, object == kNoSym ? freshResult(c) : object);
    return true;
  case Effect::OwnerMove:
    if (object != kNoSym && other != kNoSym) {
      Memory::store(s, pointer(object), memory.read(s, pointer(other)));
      if (!c.row->may)
        Memory::store(s, pointer(other), syms.null());
    }
    define(s, c.inst, object == kNoSym ? freshResult(c) : object);
    return true;
  case Effect::OwnerMake:
    if (c.into != kNoSym)
      Memory::store(s, pointer(c.into), syms.alloc(frame.id, c.site));
    return true;
  case Effect::Element: {
    if (object == kNoSym)
      return false;
    // Elements live in the container's own store; optional, front and back have no index.
    Sym index = c.row->other >= 0 && other != kNoSym ? other : kNoSym;
    bool indexed = c.row->other >= 0;
    Sym store = syms.slot(object, Slot::Elements);
    // An index that is passed by reference is read.
    if (indexed && index != kNoSym && syms.isAddress(index))
      index = memory.read(s, index);
    define(s, c.inst, indexed ? syms.element(store, index) : store);
    return true;
  }
  case Effect::SwapValues: {
    if (object == kNoSym || other == kNoSym)
      return true;
    Sym a = memory.read(s, object), b = memory.read(s, other);
    Sym spare = syms.slot(object, Slot::Next);
    memory.copyObject(s, spare, object);
    memory.copyObject(s, object, other);
    memory.copyObject(s, other, spare);
    memory.forget(s, spare);
    Memory::store(s, object, b);
    Memory::store(s, other, a);
    return true;
  }
  case Effect::Exchange: {
    if (object == kNoSym)
      return false;
    Sym old = memory.read(s, object);
    // The new value comes by reference.
    Sym given = other != kNoSym && syms.isAddress(other) ? memory.read(s, other) : kNoSym;
    memory.write(s, object, given == kNoSym ? syms.unknown(frame.id, c.site, 3) : given, c.site);
    define(s, c.inst, old);
    if (c.into != kNoSym)
      Memory::store(s, c.into, old);
    return true;
  }
  case Effect::MinMax:
    if (c.into != kNoSym)
      Memory::store(s, syms.slot(c.into, Slot::Origin), freshResult(c));
    return true;
  case Effect::LessThan:
  case Effect::Equals: {
    // Arguments that are passed by reference are read.
    auto value = [&](Sym x) { return syms.isLocalStorage(x) || syms.isAddress(x) ? memory.read(s, x) : x; };
    ir::Predicate p = c.row->effect == Effect::Equals ? ir::Predicate::Eq : ir::Predicate::Lt;
    define(s, c.inst,
           object == kNoSym || other == kNoSym ? freshResult(c)
                                               : syms.compare(p, value(object), value(other)));
    return true;
  }
  case Effect::AtomicLoad:
    define(s, c.inst, object == kNoSym ? freshResult(c) : memory.read(s, object));
    return true;
  case Effect::AtomicStore:
    if (object != kNoSym && other != kNoSym)
      memory.write(s, object, other, c.site);
    return true;
  case Effect::Nothing:
    define(s, c.inst, freshResult(c));
    return true;
  default:
    return false;
  }
}

/// Which part of a pair or tuple an instance of std::get gives, by its mangled name; -1: another function.
int tupleIndex(const ir::Function &f) {
  if (f.pattern != "std::get")
    return -1;
  return f.key.find("getILm0E") != std::string::npos   ? 0
         : f.key.find("getILm1E") != std::string::npos ? 1
                                                       : -1;
}

/// A pair of pointers keeps which is which: `return a < b ? make_pair(a, b) : make_pair(b, a)`.
bool Transfer::pairCall(const Call &c, State &s) {
  if (c.callee == kNone || c.args.empty() || !context.program.function(c.callee).ir->isSystem)
    return false;
  const ir::Function &f = *context.program.function(c.callee).ir;
  auto isPair = [&](ClassId k) { return k != kNone && context.program.klass(k).ir->pattern == "std::pair"; };
  auto part = [&](Sym pair, ClassId k, int n) { return syms.field(pair, k, static_cast<uint32_t>(n)); };
  if (int n = tupleIndex(f); n >= 0) {
    ClassId k = classOfArgument(context.program, c.callee, 0);
    if (!isPair(k) || c.args[0] == kNoSym || Memory::stored(s, part(c.args[0], k, n)) == kNoSym)
      return false;
    define(s, c.inst, part(c.args[0], k, n));
    return true;
  }
  bool makes = f.pattern == "std::make_pair";
  if (!makes && !(f.kind == ir::FunctionKind::Constructor && f.pattern == "std::pair::pair"))
    return false;
  size_t first = makes ? 0 : 1;
  Sym pair = makes ? c.into : c.args[0];
  const FunctionEntry &entry = context.program.function(c.callee);
  ClassId k = !makes                  ? entry.klass
              : f.returnType == kNone ? kNone
                                      : context.program.classOfType(entry.unit, f.returnType);
  if (!isPair(k) || pair == kNoSym || c.args.size() != first + 2)
    return false;
  for (int n = 0; n < 2; ++n)
    if (Sym given = c.args[first + static_cast<size_t>(n)]; given != kNoSym && syms.isLocalStorage(given))
      Memory::store(s, part(pair, k, n), memory.read(s, given));
  return true;
}

/// Compares keys, or packs several to be compared as one: the result says of which.
bool Transfer::comparisonCall(const Call &c, State &s) {
  if (c.callee == kNone || context.program.function(c.callee).hasBody())
    return false;
  const ir::Function &f = *context.program.function(c.callee).ir;
  if (!f.isSystem || (comparisonBy(f) == Comparison::None && !packsKeys(f)))
    return false;
  std::vector<Sym> args = c.args;
  for (Sym &a : args)
    if (a == kNoSym)
      a = syms.null();
    else if (Sym packed = Memory::stored(s, syms.slot(a, Slot::Origin));
             packed != kNoSym && (syms.kind(packed) == SymKind::Result || syms.kind(packed) == SymKind::Pure))
      a = packed;
  Sym call = syms.pure(c.callee, args), result = syms.result(frame.id, c.site, call);
  if (c.into != kNoSym)
    Memory::store(s, syms.slot(c.into, Slot::Origin), packsKeys(f) ? call : result);
  define(s, c.inst, result);
  return true;
}

/// A method stores closures in its own object, or in a container there.
void Transfer::noteOwnClosures(Sym object, const std::vector<Callable> &kept) {
  if (auto it = context.elementOf.find(object); it != context.elementOf.end())
    object = it->second;
  while (syms.kind(object) == SymKind::Element || syms.kind(object) == SymKind::Slot)
    object = syms.node(object).a;
  if (!recorder.on || syms.kind(object) != SymKind::Field || syms.node(object).a != syms.param(0))
    return;
  const SymNode field = syms.node(object);
  for (const Callable &c : kept)
    context.ownClosures.insert({FieldRef{field.b, static_cast<uint32_t>(field.n)}, c.function});
}

bool Transfer::callableRow(const Call &c, State &s, std::vector<State> &more, std::vector<Thrown> &thrown) {
  Sym object = argument(c, c.row->object), other = argument(c, c.row->other);
  switch (c.row->effect) {
  case Effect::Invoke: {
    std::vector<Sym> args = forwardedFrom(c, c.row->other, s);
    callFunctions(c, resolveCallable(c, s, c.row->callee), args, s, more, thrown);
    return true;
  }
  case Effect::CallObject: {
    std::vector<Callable> targets = resolveCallable(c, s, c.row->object);
    Sym root = object == kNoSym ? kNoSym : syms.rootOf(object);
    bool known = object != kNoSym && Memory::stored(s, syms.slot(object, Slot::Kind)) != kNoSym;
    // A callable that was passed in: the callers know it.
    if (!known && root != kNoSym && root == object && syms.kind(root) == SymKind::Param) {
      if (recorder.on) {
        CallbackCall cb;
        cb.callee = object;
        cb.args = argumentsFrom(c, c.row->other);
        cb.witness = context.witnesses.add(frame.id, c.site);
        for (const LockState &l : s.locks)
          if (l.held)
            cb.held.push_back(l);
        recorder.callback(std::move(cb));
      }
      define(s, c.inst, freshResult(c));
      return true;
    }
    callFunctions(c, targets, argumentsFrom(c, c.row->other), s, more, thrown);
    return true;
  }
  case Effect::KeepCallable:
    if (object != kNoSym && other != kNoSym) {
      std::vector<Callable> kept = resolveCallable(c, s, c.row->other);
      memory.forget(s, syms.slot(object, Slot::Elements));
      Memory::erase(s, syms.slot(object, Slot::Kind));
      Memory::erase(s, syms.slot(object, Slot::Next));
      noteOwnClosures(object, kept);
      if (kept.size() == 1) {
        Memory::store(s, syms.slot(object, Slot::Kind), syms.function(kept[0].function));
        if (kept[0].self != kNoSym)
          memory.copyObject(s, syms.slot(object, Slot::Elements), kept[0].self);
        if (!kept[0].bound.empty())
          Memory::store(s, syms.slot(object, Slot::Next), kept[0].bound[0]);
      }
    }
    define(s, c.inst, object == kNoSym ? freshResult(c) : object);
    return true;
  case Effect::BindCallable:
    if (c.into != kNoSym) {
      std::vector<Callable> kept = resolveCallable(c, s, c.row->other);
      if (kept.size() == 1) {
        Memory::store(s, syms.slot(c.into, Slot::Kind), syms.function(kept[0].function));
        if (c.args.size() > 1 && c.args[1] != kNoSym)
          Memory::store(s, syms.slot(c.into, Slot::Next), forwarded(s, c.args[1]));
      }
    }
    return true;
  default:
    return false;
  }
}

} // namespace gordian::link
