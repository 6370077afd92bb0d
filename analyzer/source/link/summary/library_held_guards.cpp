// SPDX-License-Identifier: MIT
//
// Guards that something else holds: an optional, a unique_ptr, a sequence. The holder's methods make, move
// and end the guard; the library's bodies are not read. Of guards in a sequence it is not known which is
// which: their locks count as those of many rounds, and all are given back with the first. Errs: a sequence
// from which one of several is taken holds the others no longer (may miss).
#include "source/link/summary/transfer.h"

#include <algorithm>

namespace gordian::link {

namespace {

enum class Holder : uint8_t { None, Optional, Owner, Sequence };

struct HolderName {
  std::string_view prefix;
  Holder kind;
};

constexpr HolderName kHolders[] = {{"std::optional<", Holder::Optional}, {"std::unique_ptr<", Holder::Owner},
                                   {"std::vector<", Holder::Sequence},   {"std::deque<", Holder::Sequence},
                                   {"std::list<", Holder::Sequence},     {"std::stack<", Holder::Sequence},
                                   {"std::queue<", Holder::Sequence}};
constexpr std::string_view kGuards[] = {"std::lock_guard<", "std::unique_lock<", "std::scoped_lock<",
                                        "std::shared_lock<"};

bool isGuard(std::string_view type) {
  return std::any_of(std::begin(kGuards), std::end(kGuards),
                     [&](std::string_view g) { return type.starts_with(g); });
}

Holder holderOf(std::string_view type, Mode &mode) {
  for (const HolderName &h : kHolders)
    if (type.starts_with(h.prefix) && isGuard(type.substr(h.prefix.size()))) {
      mode = type.substr(h.prefix.size()).starts_with("std::shared_lock") ? Mode::Shared : Mode::Exclusive;
      return h.kind;
    }
  return Holder::None;
}

const Row kEnd{.pattern = "", .effect = Effect::GuardDestroy};

bool isOneOf(std::string_view name, std::initializer_list<std::string_view> all) {
  return std::find(all.begin(), all.end(), name) != all.end();
}

} // namespace

std::string_view Transfer::typeOfArgument(const Call &c, size_t n) const {
  const FunctionEntry &e = context.program.function(c.callee);
  const std::vector<ir::Type> &types = context.program.unit(e.unit).types;
  ir::Id t = n < e.ir->params.size() ? e.ir->params[n].type : kNone;
  return t == kNone ? std::string_view() : std::string_view(types[t].name);
}

/// A guard is made at `guard` from the arguments from `first` on.
void Transfer::makeHeldGuard(const Call &c, Sym guard, size_t first, Mode mode, State &s,
                             std::vector<State> &more, std::vector<Thrown> &thrown) {
  std::string_view how = typeOfArgument(c, first + 1);
  auto says = [&](std::string_view word) { return how.find(word) != std::string_view::npos; };
  Row row{.pattern = ""};
  row.effect = says("adopt_lock")    ? Effect::GuardAdopt
               : says("defer_lock")  ? Effect::GuardDefer
               : says("try_to_lock") ? Effect::GuardTry
                                     : Effect::GuardAcquire;
  row.waits = row.effect == Effect::GuardTry ? Waits::Never : Waits::Forever;
  row.success = row.effect == Effect::GuardTry ? Success::True : Success::Always;
  row.mode = mode;
  row.other = static_cast<int>(first);
  row.object = static_cast<int>(c.args.size());
  row.tagAt = row.object; // of one lock, whatever follows
  Call inner = c;
  inner.args.push_back(guard);
  inner.row = &row;
  guardRow(inner, s, more, thrown);
}

void Transfer::endHeldGuard(const Call &c, Sym guard, State &s, std::vector<State> &more,
                            std::vector<Thrown> &thrown) {
  if (Memory::stored(s, syms.slot(guard, Slot::Lock)) == kNoSym)
    return;
  Call inner = c;
  inner.row = &kEnd;
  guardRelease(inner, guard, s, more, thrown);
}

bool Transfer::heldGuardCall(const Call &c, State &s, std::vector<State> &more, std::vector<Thrown> &thrown) {
  if (c.callee == kNone || !context.program.function(c.callee).ir->isSystem)
    return false;
  const FunctionEntry &e = context.program.function(c.callee);
  std::string_view name = e.ir->pattern;
  name.remove_prefix(name.rfind("::") == std::string_view::npos ? 0 : name.rfind("::") + 2);
  Mode mode = Mode::Exclusive;
  if (e.ir->pattern == "std::make_unique" && e.ir->returnType != kNone && c.into != kNoSym &&
      !c.args.empty() &&
      holderOf(context.program.unit(e.unit).types[e.ir->returnType].name, mode) == Holder::Owner) {
    Sym guard = syms.alloc(frame.id, c.site);
    makeHeldGuard(c, guard, 0, mode, s, more, thrown);
    Memory::store(s, syms.slot(c.into, Slot::Pointer), guard);
    return true;
  }
  if (e.klass == kNone || c.args.empty() || c.args[0] == kNoSym)
    return false;
  switch (holderOf(context.program.klass(e.klass).ir->name, mode)) {
  case Holder::Optional:
    return optionalGuard(c, name, mode, s, more, thrown);
  case Holder::Owner:
    return ownedGuard(c, name, s, more, thrown);
  case Holder::Sequence:
    return guardSequence(c, name, mode, s, more, thrown);
  case Holder::None:
    break;
  }
  return false;
}

bool Transfer::optionalGuard(const Call &c, std::string_view name, Mode mode, State &s,
                             std::vector<State> &more, std::vector<Thrown> &thrown) {
  Sym guard = syms.slot(c.args[0], Slot::Elements), filled = syms.slot(c.args[0], Slot::Pointer);
  auto fill = [&](Sym with) {
    Memory::store(s, filled, with);
    define(s, c.inst, guard);
    return true;
  };
  auto clear = [&] {
    Memory::store(s, syms.slot(guard, Slot::Lock), syms.null());
    Memory::store(s, syms.slot(guard, Slot::Owned), syms.integer(0));
    return fill(syms.integer(0));
  };
  if (isOneOf(name, {"has_value", "operator bool"})) {
    define(s, c.inst, syms.compare(ir::Predicate::Ne, memory.read(s, filled), syms.integer(0)));
    return true;
  }
  if (isOneOf(name, {"reset", "~optional"})) {
    endHeldGuard(c, guard, s, more, thrown);
    return clear();
  }
  if (name == "emplace" && c.args.size() > 1) {
    endHeldGuard(c, guard, s, more, thrown);
    makeHeldGuard(c, guard, 1, mode, s, more, thrown);
    return fill(syms.integer(1));
  }
  if (!isOneOf(name, {"optional", "operator="}))
    return false;
  if (name == "operator=")
    endHeldGuard(c, guard, s, more, thrown);
  std::string_view given = typeOfArgument(c, 1);
  if (c.args.size() < 2 || given.find("nullopt_t") != std::string_view::npos)
    return clear();
  if (given.find("in_place_t") != std::string_view::npos && c.args.size() > 2) {
    makeHeldGuard(c, guard, 2, mode, s, more, thrown);
    return fill(syms.integer(1));
  }
  bool whole = given.starts_with("std::optional<");
  guardMove(c, guard, whole ? syms.slot(c.args[1], Slot::Elements) : c.args[1], s);
  return fill(whole ? memory.read(s, syms.slot(c.args[1], Slot::Pointer)) : syms.integer(1));
}

/// What it does to the pointer is said by its row.
bool Transfer::ownedGuard(const Call &c, std::string_view name, State &s, std::vector<State> &more,
                          std::vector<Thrown> &thrown) {
  if (!isOneOf(name, {"reset", "operator=", "~unique_ptr"}))
    return false;
  Sym pointer = syms.slot(c.args[0], Slot::Pointer), guard = Memory::stored(s, pointer);
  if (guard == kNoSym || syms.isConstant(guard))
    return false;
  endHeldGuard(c, guard, s, more, thrown);
  Memory::store(s, pointer, syms.null());
  return name == "~unique_ptr";
}

bool Transfer::guardSequence(const Call &c, std::string_view name, Mode mode, State &s,
                             std::vector<State> &more, std::vector<Thrown> &thrown) {
  Sym kept = syms.slot(c.args[0], Slot::Lock);
  auto put = [&](Sym guard) {
    Sym lock = memory.read(s, syms.slot(guard, Slot::Lock));
    if (LockState *l = locks.find(s, lock); l && l->held)
      l->many = true;
    Memory::store(s, kept, lock);
    Memory::store(s, syms.slot(guard, Slot::Lock), syms.null());
    Memory::store(s, syms.slot(guard, Slot::Owned), syms.integer(0));
    define(s, c.inst, freshResult(c));
    return true;
  };
  if (isOneOf(name, {"push_back", "push", "emplace_back", "emplace", "push_front", "emplace_front"}) &&
      c.args.size() > 1 && c.args[1] != kNoSym) {
    if (isGuard(typeOfArgument(c, 1)))
      return put(c.args[1]);
    Sym guard = syms.slot(c.args[0], Slot::Next);
    makeHeldGuard(c, guard, 1, mode, s, more, thrown);
    return put(guard);
  }
  if (!isOneOf(name, {"clear", "pop_back", "pop_front", "pop"}) && name[0] != '~')
    return false;
  Sym last = Memory::stored(s, kept);
  auto isAlike = [&](Sym path) {
    const SymNode &a = syms.node(path), &b = syms.node(last);
    return path == last || (a.kind == SymKind::Field && b.kind == a.kind && a.b == b.b && a.n == b.n);
  };
  if (last != kNoSym)
    for (LockState &l : s.locks)
      if (l.held && l.many && isAlike(l.path))
        l.drained = true;
  define(s, c.inst, freshResult(c));
  return true;
}

} // namespace gordian::link
