// SPDX-License-Identifier: MIT
//
// Clang's thread-safety attributes as facts. A body says more than its attributes do, so they count where
// there is none: acquire_capability and its relatives then are what a row of the tables is for others. What a
// function requires is held when it is entered, whoever calls it.
//
// Errs: an expression that names no parameter, member or variable says nothing (may miss).
#include "source/link/summary/transfer.h"

namespace gordian::link {

namespace {
enum class Claim : uint8_t { Acquires, Tries, Releases, Requires };
struct Meaning {
  std::string_view spelling;
  Claim claim;
  Mode mode;
};
} // namespace

static constexpr Meaning kMeanings[] = {
    {"acquire_capability", Claim::Acquires, Mode::Exclusive},
    {"acquire_shared_capability", Claim::Acquires, Mode::Shared},
    {"exclusive_lock_function", Claim::Acquires, Mode::Exclusive},
    {"shared_lock_function", Claim::Acquires, Mode::Shared},
    {"try_acquire_capability", Claim::Tries, Mode::Exclusive},
    {"try_acquire_shared_capability", Claim::Tries, Mode::Shared},
    {"exclusive_trylock_function", Claim::Tries, Mode::Exclusive},
    {"shared_trylock_function", Claim::Tries, Mode::Shared},
    {"release_capability", Claim::Releases, Mode::Exclusive},
    {"release_shared_capability", Claim::Releases, Mode::Shared},
    {"release_generic_capability", Claim::Releases, Mode::Exclusive},
    {"unlock_function", Claim::Releases, Mode::Exclusive},
    {"requires_capability", Claim::Requires, Mode::Exclusive},
    {"requires_shared_capability", Claim::Requires, Mode::Shared},
    {"exclusive_locks_required", Claim::Requires, Mode::Exclusive},
    {"shared_locks_required", Claim::Requires, Mode::Shared},
};

static const Meaning *meaningOf(const ir::Attribute &a) {
  for (const Meaning &m : kMeanings)
    if (m.spelling == a.kind)
      return &m;
  return nullptr;
}

/// The capabilities that an attribute names; none means the object itself. `success`: what a try returns.
static std::vector<std::string> namedBy(const ir::Attribute &a, bool &success) {
  std::vector<std::string> out;
  for (const std::string &arg : a.args)
    if (arg == "=0" || arg == "=1")
      success = arg == "=1";
    else
      out.push_back(arg);
  if (out.empty())
    out.push_back("this");
  return out;
}

static bool isScoped(const Program &program, ClassId c) {
  if (c != kNone)
    for (const ir::Attribute &a : program.klass(c).ir->attributes)
      if (a.kind == "scoped_lockable" || a.kind == "scoped_capability")
        return true;
  return false;
}

/// The address of what `text` names (grammar at ir::Attribute), with the callee's arguments; kNoSym: cannot
/// tell.
Sym Transfer::capability(const State &s, FunctionId callee, std::string_view text,
                         const std::vector<Sym> &args) const {
  const FunctionEntry &e = context.program.function(callee);
  const ir::Unit &unit = context.program.unit(e.unit);
  if (text.starts_with("@")) {
    for (ir::Id g = 0; g < unit.globals.size(); ++g)
      if (unit.globals[g].key == text.substr(1))
        return syms.global(context.program.globalIn(e.unit, g));
    return kNoSym;
  }
  size_t dot = text.find('.');
  std::string_view head = text.substr(0, dot);
  uint32_t number = 0;
  if (head.starts_with("#"))
    for (char c : head.substr(1))
      number = c >= '0' && c <= '9' ? number * 10 + static_cast<uint32_t>(c - '0') : ~0u / 16;
  else if (head != "this")
    return kNoSym;
  if (number >= args.size() || args[number] == kNoSym)
    return kNoSym;
  Sym at = args[number];
  ClassId klass = number < e.ir->params.size() && e.ir->params[number].type != kNone
                      ? context.program.classOfType(e.unit, e.ir->params[number].type)
                      : kNone;
  while (dot != std::string_view::npos) {
    size_t next = text.find('.', dot + 1);
    std::string_view field = text.substr(dot + 1, next == std::string_view::npos ? next : next - dot - 1);
    dot = next;
    if (klass == kNone)
      return kNoSym;
    const ClassEntry &c = context.program.klass(klass);
    uint32_t n = 0;
    while (n < c.ir->fields.size() && c.ir->fields[n].name != field)
      ++n;
    if (n == c.ir->fields.size() || c.ir->fields[n].type == kNone)
      return kNoSym;
    at = syms.field(at, klass, n);
    const ir::Type &type = context.program.unit(c.unit).types[c.ir->fields[n].type];
    if (type.kind == ir::TypeKind::Pointer || type.kind == ir::TypeKind::Reference)
      at = memory.read(s, at);
    klass = context.program.classOfType(c.unit, c.ir->fields[n].type);
  }
  return at;
}

bool Transfer::attributeCall(const Call &c, State &s) {
  if (c.callee == kNone || context.program.function(c.callee).hasBody())
    return false;
  const FunctionEntry &e = context.program.function(c.callee);
  bool any = false;
  for (const ir::Attribute &a : e.ir->attributes) {
    const Meaning *m = meaningOf(a);
    if (!m || m->claim == Claim::Requires)
      continue;
    bool success = true;
    for (const std::string &text : namedBy(a, success)) {
      Sym lock = capability(s, c.callee, text, c.args);
      if (lock == kNoSym)
        continue;
      any = true;
      bool guard = isScoped(context.program, e.klass) && !c.args.empty() && c.args[0] != kNoSym;
      if (m->claim == Claim::Releases) {
        // A guard gives back what it was made for, unless it did so before.
        if (guard && text == "this") {
          Sym kept = Memory::stored(s, syms.slot(lock, Slot::Lock));
          if (kept == kNoSym || Memory::stored(s, syms.slot(lock, Slot::Owned)) != syms.integer(1))
            continue;
          Memory::store(s, syms.slot(lock, Slot::Owned), syms.integer(0));
          lock = kept;
        }
        locks.release(s, lock, m->mode, true, facts::LockKind::Mutex, c.site, kNone);
        continue;
      }
      if (guard && text == "this")
        lock = Memory::stored(s, syms.slot(lock, Slot::Lock)); // relock()
      if (lock == kNoSym)
        continue;
      LockRequest r;
      r.path = lock;
      r.mode = m->mode;
      if (m->claim == Claim::Tries) {
        r.waits = Waits::Never;
        r.success = success ? Success::True : Success::Zero;
        r.result = freshResult(c);
      }
      locks.acquire(s, r, c.site);
      if (guard) {
        Memory::store(s, syms.slot(c.args[0], Slot::Lock), lock);
        Memory::store(s, syms.slot(c.args[0], Slot::Owned), syms.integer(1));
      }
      memory.clobber(s, c.site, nullptr, true);
    }
  }
  if (any)
    define(s, c.inst, freshResult(c));
  return any;
}

void Transfer::holdRequired(State &s) const {
  std::vector<Sym> params;
  for (uint32_t n = 0; n < frame.ir->params.size(); ++n)
    params.push_back(syms.param(n));
  for (const ir::Attribute &a : frame.ir->attributes) {
    const Meaning *m = meaningOf(a);
    bool success = true;
    if (!m || m->claim != Claim::Requires)
      continue;
    for (const std::string &text : namedBy(a, success)) {
      Sym lock = capability(s, frame.id, text, params);
      if (lock == kNoSym)
        continue;
      LockState l;
      l.path = lock;
      l.mode = m->mode;
      l.fromCaller = l.declared = true;
      l.acquired = context.witnesses.add(frame.id, kHeadSite);
      s.locks.push_back(l);
    }
  }
}

} // namespace gordian::link
