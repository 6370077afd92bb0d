// SPDX-License-Identifier: MIT
//
// See lock_names.h.
#include "trace/lock_names.h"

#include "trace/function_name.h"
#include "trace/lock_expression.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

#include <algorithm>

namespace gordian::trace {

using facts::LockKind;

namespace {

struct KindRow {
  ObjectKind kind;
  const char *word;
  LockKind lock;
};

constexpr KindRow kKinds[] = {
    {ObjectKind::None, "lock", LockKind::Unknown},
    {ObjectKind::Mutex, "mutex", LockKind::Mutex},
    {ObjectKind::RecursiveMutex, "recursive mutex", LockKind::RecursiveMutex},
    {ObjectKind::ErrorCheckMutex, "error-checking mutex", LockKind::ErrorCheckMutex},
    {ObjectKind::AdaptiveMutex, "adaptive mutex", LockKind::Mutex},
    {ObjectKind::RwLock, "rwlock", LockKind::RwLock},
    {ObjectKind::WriterRwLock, "rwlock (prefers writers)", LockKind::WriterRwLock},
    {ObjectKind::Spin, "spin lock", LockKind::Spin},
    {ObjectKind::Semaphore, "semaphore", LockKind::Semaphore},
    {ObjectKind::Once, "once flag", LockKind::Once},
    {ObjectKind::StaticGuard, "static initialisation", LockKind::Once},
    {ObjectKind::Condition, "condition variable", LockKind::Unknown},
    {ObjectKind::Barrier, "barrier", LockKind::Unknown},
    {ObjectKind::Thread, "thread", LockKind::Unknown},
    {ObjectKind::Futex, "futex", LockKind::Unknown},
    {ObjectKind::Annotated, "lock", LockKind::Mutex},
    {ObjectKind::AnnotatedRecursive, "recursive lock", LockKind::RecursiveMutex},
    {ObjectKind::AnnotatedRw, "readers-writer lock", LockKind::RwLock},
    {ObjectKind::AnnotatedEvent, "event", LockKind::Unknown},
    {ObjectKind::Channel, "pipe or socket", LockKind::Unknown},
    {ObjectKind::Loader, "dynamic loader's lock", LockKind::RecursiveMutex},
};

const KindRow &row(ObjectKind kind) {
  for (const KindRow &r : kKinds)
    if (r.kind == kind)
      return r;
  return kKinds[0];
}

constexpr size_t kUsesLookedAt = 6;

} // namespace

const char *kindWord(ObjectKind kind) {
  return row(kind).word;
}

LockNames::LockNames(const Recording &r, Stacks &s, Symbolizer &y)
    : recording(r), stacks(s), symbolizer(y), nodesOfLock(r.locks.size()) {
  for (uint32_t n = 0; n < r.nodes.size(); ++n)
    if (r.nodes[n].lock != kNone && nodesOfLock[r.nodes[n].lock].size() < kUsesLookedAt)
      nodesOfLock[r.nodes[n].lock].push_back(n);
}

Subject LockNames::subject(uint32_t number) {
  if (number == kNone)
    return {"an unknown lock", "unknown", "lock", {}};
  auto it = subjects.find(number);
  if (it == subjects.end())
    it = subjects.emplace(number, build(number)).first;
  return it->second;
}

Subject LockNames::build(uint32_t number) {
  const LockInfo &lock = recording.locks[number];
  Subject s;
  s.kind = lock.flags & kLockPython ? "Python lock" : row(lock.kind).word;
  if (lock.kind == ObjectKind::Loader) {
    s.name = s.key = "the dynamic loader's lock";
    return s;
  }
  if (!lock.name.empty())
    s.name = s.key = lock.name;
  const Frame *lead = stacks.at(lock.first).leading();
  if (lead && (lock.flags & (kLockInitialised | kLockPython)))
    s.declaration = lead->location;
  if (s.name.empty() && fromVariable(number, s))
    return s;
  bool named = !s.name.empty() || fromSource(lock.first, lock, s);
  for (size_t i = 0; !named && i < nodesOfLock[number].size(); ++i)
    named = fromSource(recording.nodes[nodesOfLock[number][i]].context, lock, s);
  if (!named)
    fromPlace(number, s);
  return s;
}

/// A static variable of the program or a library, by debug information or symbol.
bool LockNames::fromVariable(uint32_t number, Subject &s) {
  const LockInfo &lock = recording.locks[number];
  std::optional<CodeAddress> place = stacks.moduleAt(lock.process, lock.address);
  std::optional<DataName> data = place ? symbolizer.data(place->module, place->offset) : std::nullopt;
  if (!data)
    return false;
  s.name = s.key = data->name;
  if (!data->type.empty())
    s.kind = data->type;
  if (data->declaration.known())
    s.declaration = data->declaration;
  return true;
}

std::string_view LockNames::sourceLine(const Location &location) {
  if (!location.known())
    return {};
  auto [it, fresh] = sources.try_emplace(location.file);
  if (fresh)
    if (auto buffer = llvm::MemoryBuffer::getFile(location.file)) {
      llvm::SmallVector<llvm::StringRef, 0> lines;
      (*buffer)->getBuffer().split(lines, '\n');
      for (llvm::StringRef line : lines)
        it->second.push_back(line.str());
    }
  return location.line <= it->second.size() ? std::string_view(it->second[location.line - 1])
                                            : std::string_view();
}

/// `from.m` -> `Account::m`: the class of the root by the debug information of the function, that of `this`
/// for a bare member. A root that is a guard of the standard library's says nothing of the lock.
bool LockNames::qualify(const Stack &stack, const std::string &expression, Subject &s) {
  if (stack.lead >= stack.addresses.size())
    return false;
  const CodeAddress &code = stack.addresses[stack.lead];
  if (code.module.path.empty())
    return false;
  auto find = [&](const std::string &root, const std::string &member) {
    return symbolizer.classMember(code.module, code.offset, code.inlined, root, member);
  };
  LockPath path = splitPath(expression);
  std::string member = path.member;
  std::optional<ClassMember> found = find(path.root, member);
  if (found && (member.empty() || found->klass.starts_with("std::")))
    return false; // a parameter or local: its own name says nothing outside the function
  if (!found)
    found = find("this", member = expression);
  if (!found)
    return false;
  s.name = s.key = found->klass + "::" + member;
  if (found->declaration.known())
    s.declaration = found->declaration;
  return true;
}

bool LockNames::fromSource(Place context, const LockInfo &lock, Subject &s) {
  const Stack &stack = stacks.at(context);
  const Frame *lead = stack.leading();
  if (!lead)
    return false;
  std::string_view line = sourceLine(lead->location);
  if (stack.source) {
    std::string expression = pythonLockExpression(line);
    if (expression.empty())
      return false;
    size_t dot = lead->function.rfind('.'); // Class.method: self.lock is Class.lock
    if (expression.starts_with("self.") && dot != std::string::npos)
      expression = lead->function.substr(0, dot) + expression.substr(4);
    s.name = s.key = expression;
    return true;
  }
  std::string expression = lockExpression(line);
  return !expression.empty() && qualify(stack, expression, s);
}

void LockNames::fromPlace(uint32_t number, Subject &s) {
  const LockInfo &lock = recording.locks[number];
  const Frame *lead = stacks.at(lock.first).leading();
  std::string what = s.kind;
  bool initialised = lock.flags & kLockInitialised;
  if (!lead || (!lead->location.known() && lead->function.empty())) {
    s.name = what + " at " + (lead ? llvm::sys::path::filename(lead->module).str() + "+" : std::string()) +
             "0x" + llvm::utohexstr(lead ? lead->offset : lock.address, /*LowerCase=*/true);
    s.key = what + (lead ? " of " + llvm::sys::path::filename(lead->module).str() : "");
    return;
  }
  std::string place = lead->location.known() ? llvm::sys::path::filename(lead->location.file).str() + ":" +
                                                   std::to_string(lead->location.line)
                                             : lead->function;
  s.name = what + (initialised ? " created at " : " first locked at ") + place;
  if (!initialised && lead->location.known() && !lead->function.empty())
    s.name += " in " + lead->function;
  s.key = what + " of " + lead->function;
}

bool LockNames::isStandardSharedMutex(uint32_t number, const Subject &s) {
  auto isName = [](std::string_view name) {
    return name.find("std::shared_mutex") != std::string_view::npos ||
           name.find("std::shared_timed_mutex") != std::string_view::npos ||
           name.find("__shared_mutex_pthread") != std::string_view::npos;
  };
  if (isName(s.kind))
    return true;
  for (uint32_t node : nodesOfLock[number])
    for (const Frame &frame : stacks.at(recording.nodes[node].context).all)
      if (isName(frame.function))
        return true;
  return false;
}

LockKind LockNames::kindOf(uint32_t number, const Subject &s) {
  const LockInfo &lock = recording.locks[number];
  if (lock.kind == ObjectKind::RwLock && isStandardSharedMutex(number, s))
    return LockKind::SharedMutex;
  return row(lock.kind).lock;
}

facts::Lock LockNames::lock(uint32_t number) {
  facts::Lock out;
  out.subject = subject(number);
  if (number == kNone) {
    out.kind = LockKind::Unknown;
    return out;
  }
  out.kind = kindOf(number, out.subject);
  if (out.kind == LockKind::SharedMutex && out.subject.kind == row(ObjectKind::RwLock).word)
    out.subject.kind = "std::shared_mutex";
  const LockInfo &info = recording.locks[number];
  const Stack &first = stacks.at(info.first);
  out.internal = info.kind == ObjectKind::Loader || isOwnedBySystem(first.all) ||
                 (first.calledByInterpreter() && !(info.flags & kLockPython));
  return out;
}

} // namespace gordian::trace
