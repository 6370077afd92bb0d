// SPDX-License-Identifier: MIT
//
// Deadlocks that did happen, as the runtime recorded them, or, across processes, as the watcher saw them.
#include "trace/replay_state.h"

#include <algorithm>

namespace gordian::trace {

using namespace gordian::facts;

namespace {

struct HeldLock {
  uint32_t lock;
  Place context;
  Mode mode;
};

/// One blocked thread: what it waits for and what it holds, outermost first.
struct Party {
  uint32_t process = 0;
  ThreadIndex thread = 0;
  uint32_t tid = 0;
  ObjectKind kind = ObjectKind::None;
  Mode mode = Mode::Exclusive;
  uint8_t flags = 0;
  Ref object = kNoRef;
  uint32_t peer = 0;
  Place context;
  std::vector<HeldLock> held;
};

/// The participants of one record, as many as are whole.
std::vector<Party> partiesOf(const Recording &r, uint32_t process, const DeadlockRecord *record) {
  const TraceFile &file = r.file(process);
  std::vector<Party> parties;
  size_t at = 0;
  for (uint32_t i = 0; i < record->participants; ++i) {
    auto [p, one] = file.tail<DeadlockParticipant>(record, 1, at);
    if (one == 0)
      break;
    at += sizeof(DeadlockParticipant);
    auto [held, count] = file.tail<DeadlockHeld>(record, p->held, at);
    at += count * sizeof(DeadlockHeld);
    Party party{
        process, p->thread, p->tid, p->kind, p->mode, p->flags, p->object, p->peer, {process, p->context},
        {}};
    for (size_t h = count; h-- > 0;)
      party.held.push_back({r.lockOf(process, held[h].lock), {process, held[h].context}, held[h].mode});
    parties.push_back(std::move(party));
  }
  return parties;
}

/// A thread that the watcher saw waiting; its slot is still as it was, for the process was ended or still
/// hangs.
std::optional<Party> partyOf(const Recording &r, const SlotPlace &place) {
  for (uint32_t process = 0; process < r.files().size(); ++process) {
    if (r.file(process).path() != place.path)
      continue;
    for (const WaitSlot &s : r.file(process).waitSlots()) {
      if (s.thread != place.thread || s.number != place.number)
        continue;
      Party party{process, s.thread, s.tid, s.kind, s.mode, s.flags, s.object, s.peer, {process, s.context},
                  {}};
      std::vector<uint32_t> held = r.heldFrom(r.nodeOf(process, s.held));
      for (auto n = held.rbegin(); n != held.rend(); ++n)
        party.held.push_back({r.nodes[*n].lock, r.nodes[*n].context, r.nodes[*n].mode()});
      return party;
    }
  }
  return std::nullopt;
}

StepKind waitStep(ObjectKind kind) {
  switch (kind) {
  case ObjectKind::Thread:
    return StepKind::Join;
  case ObjectKind::Condition:
  case ObjectKind::Barrier:
  case ObjectKind::Semaphore:
  case ObjectKind::Futex:
  case ObjectKind::AnnotatedEvent:
    return StepKind::Wait;
  default:
    return StepKind::Request;
  }
}

gordian::Mode modeOf(Mode m) {
  return m == Mode::Shared ? gordian::Mode::Shared : gordian::Mode::Exclusive;
}

void append(Participant &participant, std::vector<Step> steps) {
  std::move(steps.begin(), steps.end(), std::back_inserter(participant.steps));
}

class DeadlockFact {
public:
  explicit DeadlockFact(Replay &rp) : replay(rp) {}
  ObservedDeadlock build(DeadlockKind kind, const std::vector<Party> &parties);

private:
  int subjectOf(uint32_t lock);
  int awaited(const Party &party);
  Participant participant(const Party &party);

  Replay &replay;
  std::map<uint32_t, int> indices; // lock -> index into subjects
  ObservedDeadlock fact;
};

int DeadlockFact::subjectOf(uint32_t lock) {
  auto [it, fresh] = indices.try_emplace(lock, int(fact.subjects.size()));
  if (fresh) {
    bool isLock = lock != kNone && replay.recording->locks[lock].isLock();
    LockId id = isLock ? replay.lockId(lock) : facts::kNone;
    fact.subjects.push_back(isLock ? replay.facts.locks[id].subject : replay.names.subject(lock));
    fact.locks.push_back(id);
  }
  return it->second;
}

/// The subject that a party waits for; threads are subjects of their own.
int DeadlockFact::awaited(const Party &party) {
  if (party.kind != ObjectKind::Thread)
    return subjectOf(replay.recording->lockOf(party.process, party.object));
  uint32_t thread = replay.recording->threadOf(party.process, party.peer);
  fact.subjects.push_back({replay.threadName(thread), "thread", "thread", {}});
  fact.locks.push_back(facts::kNone);
  return int(fact.subjects.size()) - 1;
}

/// With those held locks that another party waits for: the others play no part.
Participant DeadlockFact::participant(const Party &party) {
  Participant out;
  uint32_t thread = replay.recording->threadOf(party.process, party.thread);
  out.name = thread == kNone ? "thread with id " + std::to_string(party.tid) : replay.threadName(thread);
  for (const HeldLock &h : party.held)
    if (h.lock != kNone && indices.count(h.lock))
      append(out, replay.stacks.witness(StepKind::Acquire, h.context, subjectOf(h.lock), modeOf(h.mode)));
  append(out, replay.stacks.witness(waitStep(party.kind), party.context, awaited(party), modeOf(party.mode)));
  if (party.flags & kWaitReacquire)
    out.steps.back().note = "to get its mutex back after a condition wait";
  return out;
}

ObservedDeadlock DeadlockFact::build(DeadlockKind kind, const std::vector<Party> &parties) {
  fact.kind = kind == DeadlockKind::Cycle  ? ObservedDeadlock::Kind::Cycle
              : kind == DeadlockKind::Self ? ObservedDeadlock::Kind::Self
                                           : ObservedDeadlock::Kind::Stall;
  for (const Party &party : parties) // what is waited for names the deadlock
    if (party.kind != ObjectKind::Thread)
      subjectOf(replay.recording->lockOf(party.process, party.object));
  for (const Party &party : parties)
    fact.participants.push_back(participant(party));
  return std::move(fact);
}

} // namespace

void addDeadlocks(Replay &replay, const std::vector<SharedCycle> &shared) {
  const Recording &r = *replay.recording;
  for (uint32_t p = 0; p < r.files().size(); ++p) {
    std::set<std::vector<ThreadIndex>> seen;
    for (Ref ref : r.file(p).all(RecordKind::Deadlock)) {
      const auto *record = r.file(p).get<DeadlockRecord>(ref, RecordKind::Deadlock);
      std::vector<Party> parties = record ? partiesOf(r, p, record) : std::vector<Party>();
      std::vector<ThreadIndex> threads;
      for (const Party &party : parties)
        threads.push_back(party.thread);
      std::sort(threads.begin(), threads.end());
      if (!parties.empty() && seen.insert(threads).second)
        replay.facts.deadlocks.push_back(
            DeadlockFact(replay).build(DeadlockKind(record->header.flags), parties));
    }
  }
  for (const SharedCycle &cycle : shared) {
    std::vector<Party> parties;
    for (const SlotPlace &place : cycle)
      if (std::optional<Party> party = partyOf(r, place))
        parties.push_back(std::move(*party));
    if (parties.size() == cycle.size())
      replay.facts.deadlocks.push_back(DeadlockFact(replay).build(DeadlockKind::Cycle, parties));
  }
}

} // namespace gordian::trace
