// SPDX-License-Identifier: MIT
//
// Locks that are held where a thread or the process ends.
#include "trace/replay_state.h"

#include <algorithm>

namespace gordian::trace {

using namespace gordian::facts;

namespace {

std::optional<HeldAtExit::Kind> leakKind(HeldKind kind) {
  switch (kind) {
  case HeldKind::ThreadReturn:
  case HeldKind::ThreadExit:
    return HeldAtExit::Kind::ThreadExit;
  case HeldKind::ThreadCancelled:
    return HeldAtExit::Kind::ThreadCancelled;
  case HeldKind::ProcessExit:
    return HeldAtExit::Kind::ProcessExit;
  case HeldKind::ProcessExitOther:
    return std::nullopt;
  }
  return std::nullopt;
}

/// May this kind of lock be left held? An initialiser may exit; a semaphore that no taker ever gave back may
/// be a token; a lock that another thread releases waits for that thread.
bool mayStayHeld(const Recording &r, uint32_t lock) {
  const LockInfo &l = r.locks[lock];
  if (l.state & kLockReleasedByOther || !l.isLock())
    return true;
  if (l.kind == ObjectKind::Once || l.kind == ObjectKind::StaticGuard || l.kind == ObjectKind::Loader)
    return true;
  return l.kind == ObjectKind::Semaphore && !(l.flags & kLockPython) && !(l.state & kLockGivenBack);
}

/// Is the function that acquired still running where the process exits?
bool insideCriticalSection(Replay &replay, uint32_t node, Place exit) {
  const Frame *taker = replay.stacks.at(replay.recording->nodes[node].context).leading();
  if (!taker || taker->function.empty() || !exit.known())
    return false;
  const std::vector<Frame> &frames = replay.stacks.at(exit).readable.frames;
  return std::any_of(frames.begin(), frames.end(),
                     [&](const Frame &f) { return f.function == taker->function; });
}

} // namespace

/// A lock that its holder had taken when it created a thread that asks for it, and the thread is still there:
/// the lock keeps it parked until there is work, and the holder may end the process meanwhile. (May miss a
/// release that was forgotten behind such a creation.)
static bool parks(const Recording &r, uint32_t process, uint32_t lock, uint32_t holder) {
  std::set<ThreadIndex> there;
  for (const WaitSlot &slot : r.file(process).waitSlots())
    if (slot.tid != 0)
      there.insert(slot.thread);
  auto isLock = [&](uint32_t node) { return r.nodes[node].lock == lock; };
  return std::ranges::any_of(r.operations, [&](const OperationInfo &o) {
    return o.kind == OperationKind::Create && o.thread == holder && o.held != kNone && o.other != kNone &&
           there.count(r.threads[o.other].index) && std::ranges::any_of(r.heldFrom(o.held), isLock) &&
           std::ranges::any_of(r.nodes, [&](const NodeInfo &n) {
             return n.thread == o.other && n.lock == lock && !(n.flags & kNodeSynthetic);
           });
  });
}

/// Robust mutexes whose next taker was told of the owner's end: they are made for that.
static std::set<uint32_t> recovered(const Recording &r) {
  std::set<uint32_t> locks;
  for (uint32_t p = 0; p < r.files().size(); ++p)
    for (Ref ref : r.file(p).all(RecordKind::Misuse))
      if (const auto *record = r.file(p).get<MisuseRecord>(ref, RecordKind::Misuse);
          record && MisuseKind(record->header.flags) == MisuseKind::OwnerDead)
        locks.insert(r.lockOf(p, record->lock));
  return locks;
}

void addHeldAtExits(Replay &replay) {
  const Recording &r = *replay.recording;
  const std::set<uint32_t> inherited = recovered(r);
  for (uint32_t p = 0; p < r.files().size(); ++p)
    for (Ref ref : r.file(p).all(RecordKind::Held)) {
      const auto *record = r.file(p).get<HeldRecord>(ref, RecordKind::Held);
      uint32_t lock = record ? r.lockOf(p, record->lock) : kNone;
      if (lock == kNone)
        continue;
      std::optional<HeldAtExit::Kind> kind = leakKind(HeldKind(record->header.flags));
      uint32_t node = r.nodeOf(p, record->node), thread = r.threadOf(p, record->thread);
      Place exit{p, record->context};
      if (!kind || node == kNone || thread == kNone || (r.nodes[node].flags & kNodeInherited) ||
          mayStayHeld(r, lock) || inherited.count(lock) || replay.isInternalObject(lock))
        continue;
      if (*kind == HeldAtExit::Kind::ProcessExit &&
          (insideCriticalSection(replay, node, exit) || parks(r, p, lock, thread)))
        continue;
      HeldAtExit h;
      h.kind = *kind;
      h.held = replay.heldFact(node);
      if (exit.known())
        h.exit = replay.stacks.witness(StepKind::Exit, exit, int(h.held.lock));
      h.context = thread;
      h.function = replay.stacks.functionAt(exit.known() ? exit : r.nodes[node].context);
      replay.facts.heldAtExits.push_back(std::move(h));
    }
}

} // namespace gordian::trace
