// SPDX-License-Identifier: MIT
//
// See replay.h. The steps are in Replay::run; each part has its own file.
#include "trace/counted_gates.h"
#include "trace/python_polling.h"
#include "trace/replay_state.h"

#include "llvm/Support/MemoryBuffer.h"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

namespace gordian::trace {

using namespace gordian::facts;

namespace {
gordian::Mode modeOf(const NodeInfo &n) {
  return n.mode() == Mode::Shared ? gordian::Mode::Shared : gordian::Mode::Exclusive;
}
} // namespace

Replay::Replay(std::vector<TraceFile> files, Symbolizer &s)
    : recording(std::make_shared<const Recording>(std::move(files))), symbolizer(s), stacks(*recording, s),
      names(*recording, stacks, s) {}

facts::LockId Replay::lockId(uint32_t number) {
  auto [it, fresh] = lockIds.try_emplace(number, LockId(facts.locks.size()));
  if (fresh)
    facts.locks.push_back(names.lock(number));
  return it->second;
}

facts::Held Replay::heldFact(uint32_t node) {
  const NodeInfo &n = recording->nodes[node];
  Held h;
  h.lock = lockId(n.lock);
  h.mode = modeOf(n);
  h.relation = Relation::Same;
  if (n.context.known())
    h.acquired = stacks.witness(StepKind::Acquire, n.context, int(h.lock), h.mode);
  return h;
}

std::vector<facts::Held> Replay::heldFacts(const std::vector<uint32_t> &nodes) {
  std::vector<Held> held;
  for (auto it = nodes.rbegin(); it != nodes.rend(); ++it) // outermost first, as they were taken
    held.push_back(heldFact(*it));
  return held;
}

facts::Acquire Replay::acquireFact(uint32_t node) {
  const NodeInfo &n = recording->nodes[node];
  Acquire a;
  a.lock = lockId(n.lock);
  a.mode = modeOf(n);
  a.blocking = n.blocking();
  a.held = heldFacts(recording->heldBelow(node));
  a.witness = stacks.witness(StepKind::Request, n.context, int(a.lock), a.mode);
  a.context = n.thread;
  a.instance = node;
  a.function = stacks.functionAt(n.context);
  return a;
}

std::string Replay::threadName(uint32_t thread) {
  if (thread == kNone)
    return "an unknown thread";
  auto [it, fresh] = threadNames.try_emplace(thread);
  if (!fresh)
    return it->second;
  const ThreadInfo &t = recording->threads[thread];
  std::string name = t.name;
  if (name.empty() && t.startRoutine)
    if (auto code = stacks.moduleAt(t.process, t.startRoutine)) {
      const Frame &start = symbolizer.code(code->module, code->offset).back();
      if (ownerOf(start, false) == FrameOwner::User && !isSystemModule(start.module))
        name = start.function;
    }
  std::string text = t.index == 1 ? "main thread" : "thread T" + std::to_string(t.index);
  if (!name.empty() && t.index != 1)
    text += " (" + name + ")";
  if (recording->files().size() > 1)
    text += " of process " + std::to_string(recording->file(t.process).header().pid);
  return it->second = text;
}

bool Replay::isSignal(uint32_t lock) const {
  const LockInfo &l = recording->locks[lock];
  return (l.flags & kLockPython) && ((l.state & kLockReleasedByOther) || !l.isLock());
}

bool Replay::isInternalObject(uint32_t number) {
  if (number == kNone)
    return false;
  const LockInfo &l = recording->locks[number];
  const Stack &first = stacks.at(l.first);
  return isOwnedBySystem(first.all) || (first.calledByInterpreter() && !(l.flags & kLockPython));
}

/// Futex hand-offs that may go unseen: all but those of std::future, whose waits are woken by what set it.
static void addHiddenHandOffs(Replay &replay, Feasibility &feasibility) {
  for (const OperationInfo &o : replay.recording->operations) {
    if (o.kind != OperationKind::FutexWait)
      continue;
    const Stack &stack = replay.stacks.at(o.context);
    bool future = std::any_of(stack.all.begin(), stack.all.end(), [](const Frame &f) {
      return f.function.find("__atomic_futex_unsigned") != std::string::npos;
    });
    if (!future)
      feasibility.setHiddenHandOff(o.thread, o.firstEpoch);
  }
}

namespace {

constexpr const char *kThroughPointer = "*"; // no module's path

/// What the code of a whole call stack does around an acquisition.
struct CodeAround {
  using Variable = std::pair<std::string, uint64_t>; // module and address; in Python, a name
  HandOffs handOffs;
  std::set<Variable> polled, written;
};

} // namespace

static bool mayOrder(const CodeAround &earlier, const CodeAround &later) {
  const bool interrupts = (earlier.handOffs.signalsAfter & kInterrupt) != 0;
  return mayOrder(earlier.handOffs, later.handOffs) || (interrupts && !later.polled.empty()) ||
         std::any_of(earlier.written.begin(), earlier.written.end(),
                     [&](const CodeAround::Variable &v) { return later.polled.count(v) != 0; });
}

/// Of the frames of an interpreter: the source is there, or nothing is known.
static void addSource(const Stack &stack, CodeAround &all) {
  for (const Frame &f : stack.all) {
    const std::string &file = f.location.file;
    if (!stack.source || !file.ends_with(".py") || file.starts_with("/usr/lib/"))
      continue;
    auto text = llvm::MemoryBuffer::getFile(file, /*IsText=*/true);
    if (!text)
      continue;
    PythonPolling polling = pythonPollingAround((*text)->getBuffer(), f.location.line);
    for (const std::string &name : polling.readBefore)
      all.polled.emplace(name, 0);
    for (const std::string &name : polling.writtenAfter)
      all.written.emplace(name, 0);
  }
}

static CodeAround codeAround(Replay &replay, Place context) {
  CodeAround all;
  const Stack &stack = replay.stacks.at(context);
  addSource(stack, all);
  for (const Frame &f : stack.all)
    all.handOffs.signalsAfter |= setsFuture(f.function);
  for (const CodeAddress &code : stack.addresses) {
    if (code.inlined != 0 || code.module.path.empty() || isSystemModule(code.module.path))
      continue;
    HandOffs here = replay.symbolizer.handOffs(code.module, code.offset);
    all.handOffs.waitsBefore |= here.waitsBefore;
    all.handOffs.signalsAfter |= here.signalsAfter;
    Polling polling = replay.symbolizer.polling(code.module, code.offset);
    for (uint64_t address : polling.readBefore)
      all.polled.emplace(code.module.path, address);
    for (uint64_t address : polling.writtenAfter)
      all.written.emplace(code.module.path, address);
    for (int64_t place : polling.readBeforeIn)
      all.polled.emplace(kThroughPointer, uint64_t(place));
    for (int64_t place : polling.writtenAfterIn)
      all.written.emplace(kThroughPointer, uint64_t(place));
  }
  return all;
}

/// The same question for hand-offs of which no run shows anything: asked of the code, for what may be on a
/// cycle.
static void addHandOffsInCode(Replay &replay, Feasibility &feasibility) {
  const bool channels = std::ranges::any_of(replay.recording->locks,
                                            [](const LockInfo &l) { return l.kind == ObjectKind::Channel; });
  std::map<Place, CodeAround> byContext;
  std::unordered_map<uint32_t, CodeAround> byNode;
  for (const Acquire &a : replay.facts.acquires) {
    Place context = replay.recording->nodes[a.instance].context;
    auto [it, fresh] = byContext.try_emplace(context);
    if (fresh)
      it->second = codeAround(replay, context);
    if (!channels)
      it->second.handOffs.signalsAfter &= ~kStream;
    byNode.emplace(a.instance, it->second);
  }
  feasibility.setCode([byNode = std::move(byNode)](uint32_t earlier, uint32_t later) {
    auto from = byNode.find(earlier), to = byNode.find(later);
    return from != byNode.end() && to != byNode.end() && mayOrder(from->second, to->second);
  });
}

static void addLosses(Replay &replay) {
  for (const TraceFile &file : replay.recording->files()) {
    std::vector<Notification> losses = lossesOf(file);
    replay.facts.notifications.insert(replay.facts.notifications.end(), losses.begin(), losses.end());
  }
  for (const std::string &path : replay.symbolizer.changedModules())
    replay.facts.notifications.push_back(
        {Level::Warning,
         path + " is another build than the one that ran: its frames have no names and lines",
         {}});
}

facts::Facts Replay::run(const std::vector<SharedCycle> &shared) {
  facts.evidence = Evidence::Observed;
  addAcquires(*this);
  addMisuses(*this);
  addReentries(*this);
  addHeldAtExits(*this);
  addConditions(*this);
  addBlocks(*this);
  addDeadlocks(*this, shared);
  for (uint32_t t = 0; t < recording->threads.size(); ++t)
    facts.contexts.push_back(threadName(t));
  Feasibility feasibility(*recording);
  addHiddenHandOffs(*this, feasibility);
  addHandOffsInCode(*this, feasibility);
  feasibility.setGates(CountedGates(*recording, stacks, nodesOnCycles(*recording)));
  auto describe = [contexts = facts.contexts](uint32_t thread) { return contexts[thread]; };
  facts.order = std::make_shared<TraceOrder>(recording, std::move(feasibility), std::move(describe));
  addLosses(*this);
  return std::move(facts);
}

facts::Facts replay(std::vector<TraceFile> files, Symbolizer &symbolizer,
                    const std::vector<SharedCycle> &shared) {
  return Replay(std::move(files), symbolizer).run(shared);
}

} // namespace gordian::trace
