// SPDX-License-Identifier: MIT
//
// Acquires, and what is wrong with one acquisition or release by itself.
#include "trace/replay_state.h"

#include <algorithm>
#include <unordered_set>

namespace gordian::trace {

using namespace gordian::facts;

namespace {

gordian::Mode modeOf(uint8_t flags) {
  return flags & kNodeShared ? gordian::Mode::Shared : gordian::Mode::Exclusive;
}

/// Tarjan's strongly connected components, without recursion. component[v] numbers them.
std::vector<uint32_t> components(const std::vector<std::vector<uint32_t>> &edges) {
  std::vector<uint32_t> index(edges.size(), kNone), low(edges.size()), component(edges.size(), kNone), stack;
  std::vector<bool> onStack(edges.size(), false);
  uint32_t next = 0, count = 0;
  for (uint32_t root = 0; root < edges.size(); ++root) {
    if (index[root] != kNone)
      continue;
    std::vector<std::pair<uint32_t, size_t>> work = {{root, 0}};
    while (!work.empty()) {
      auto &[v, edge] = work.back();
      if (edge == 0) {
        index[v] = low[v] = next++;
        stack.push_back(v);
        onStack[v] = true;
      }
      if (edge < edges[v].size()) {
        uint32_t w = edges[v][edge++];
        if (index[w] == kNone)
          work.push_back({w, 0});
        else if (onStack[w])
          low[v] = std::min(low[v], index[w]);
        continue;
      }
      if (low[v] == index[v]) {
        uint32_t w;
        do {
          w = stack.back();
          stack.pop_back();
          onStack[w] = false;
          component[w] = count;
        } while (w != v);
        ++count;
      }
      uint32_t finished = v;
      work.pop_back();
      if (!work.empty())
        low[work.back().first] = std::min(low[work.back().first], low[finished]);
    }
  }
  return component;
}

bool acquires(const Recording &r, uint32_t node) {
  const NodeInfo &n = r.nodes[node];
  return !(n.flags & kNodeSynthetic) && n.thread != kNone && n.lock != kNone && r.locks[n.lock].isLock();
}

} // namespace

std::vector<uint32_t> nodesOnCycles(const Recording &r) {
  std::vector<std::vector<uint32_t>> edges(r.locks.size());
  std::unordered_set<uint64_t> seen;
  for (uint32_t n = 0; n < r.nodes.size(); ++n) {
    if (!acquires(r, n) || !r.nodes[n].blocking())
      continue;
    uint32_t to = r.nodes[n].lock;
    for (uint32_t h : r.heldBelow(n))
      if (uint32_t from = r.nodes[h].lock; from != to && seen.insert(uint64_t(from) << 32 | to).second)
        edges[from].push_back(to);
  }
  std::vector<uint32_t> component = components(edges);
  std::vector<uint32_t> size(r.locks.size(), 0);
  for (uint32_t c : component)
    ++size[c];
  std::vector<uint32_t> nodes;
  for (uint32_t n = 0; n < r.nodes.size(); ++n)
    if (acquires(r, n) && size[component[r.nodes[n].lock]] > 1)
      nodes.push_back(n);
  return nodes;
}

void addAcquires(Replay &replay) {
  for (uint32_t n : nodesOnCycles(*replay.recording))
    replay.facts.acquires.push_back(replay.acquireFact(n));
}

// ---------------------------------------------------------------------------------------------------------------
// Misuse

namespace {

/// One misuse record with everything that the facts made of it have in common.
struct Misuse {
  const MisuseRecord &record;
  uint32_t process;
  uint32_t lock, thread, holder; // holder: the node by which it is held, kNone unknown
  Place context;
};

void addReacquire(Replay &replay, const Misuse &m, Reacquire::Kind kind) {
  Reacquire r;
  r.kind = kind;
  r.lock = replay.lockId(m.lock);
  r.mode = modeOf(m.record.flags);
  r.blocking = !(m.record.flags & kNodeTry);
  r.timed = m.record.flags & kNodeTimed;
  if (m.holder != kNone)
    r.first = replay.heldFact(m.holder);
  r.first.lock = r.lock;
  r.first.relation = Relation::Same;
  r.witness = replay.stacks.witness(StepKind::Request, m.context, int(r.lock), r.mode);
  r.context = m.thread;
  r.function = replay.stacks.functionAt(m.context);
  replay.facts.reacquires.push_back(std::move(r));
}

void addBadRelease(Replay &replay, const Misuse &m, BadRelease::Kind kind) {
  BadRelease b;
  b.kind = kind;
  b.lock = replay.lockId(m.lock);
  b.mode = modeOf(m.record.flags);
  b.witness = replay.stacks.witness(StepKind::Release, m.context, int(b.lock), b.mode);
  if (kind == BadRelease::Kind::ReleasedTwice)
    b.earlier.push_back(
        replay.stacks.stepAt(StepKind::Release, m.process, m.record.earlierRelease, int(b.lock)));
  else if (m.holder != kNone)
    b.earlier = replay.heldFact(m.holder).acquired;
  b.context = m.thread;
  b.function = replay.stacks.functionAt(m.context);
  replay.facts.badReleases.push_back(std::move(b));
}

void addDestroyed(Replay &replay, const Misuse &m) {
  HeldAtExit h;
  h.kind = HeldAtExit::Kind::Destroy;
  if (m.holder != kNone)
    h.held = replay.heldFact(m.holder);
  h.held.lock = replay.lockId(m.lock);
  h.exit = replay.stacks.witness(StepKind::Destroy, m.context, int(h.held.lock));
  h.context = m.thread;
  h.function = replay.stacks.functionAt(m.context);
  replay.facts.heldAtExits.push_back(std::move(h));
}

void addMisuse(Replay &replay, MisuseKind kind, const Misuse &m) {
  switch (kind) {
  case MisuseKind::Relock:
  case MisuseKind::Downgrade:
    return addReacquire(replay, m, Reacquire::Kind::Relock);
  case MisuseKind::Upgrade:
    return addReacquire(replay, m, Reacquire::Kind::Upgrade);
  case MisuseKind::SharedReentry:
    return addReacquire(replay, m, Reacquire::Kind::SharedReentry);
  case MisuseKind::ReleaseNotHeld:
    return addBadRelease(replay, m,
                         m.record.earlierRelease ? BadRelease::Kind::ReleasedTwice
                                                 : BadRelease::Kind::NeverAcquired);
  case MisuseKind::ReleaseOther:
  case MisuseKind::UnlockInOtherProcess:
    return addBadRelease(replay, m, BadRelease::Kind::OtherThread);
  case MisuseKind::ReleaseWrongMode:
    return addBadRelease(replay, m, BadRelease::Kind::WrongMode);
  case MisuseKind::DestroyHeld:
  case MisuseKind::InitHeld:
    return addDestroyed(replay, m);
  // WaitNotHeld comes with its ConditionWait operation; the others are no findings: a robust mutex whose
  // owner died answers as it was made to, and who waits for a destroyed lock waits for one that is held.
  case MisuseKind::None:
  case MisuseKind::WaitNotHeld:
  case MisuseKind::DestroyWaited:
  case MisuseKind::OwnerDead:
    return;
  }
}

} // namespace

void addMisuses(Replay &replay) {
  const Recording &r = *replay.recording;
  for (uint32_t p = 0; p < r.files().size(); ++p)
    for (Ref ref : r.file(p).all(RecordKind::Misuse)) {
      const auto *record = r.file(p).get<MisuseRecord>(ref, RecordKind::Misuse);
      uint32_t lock = record ? r.lockOf(p, record->lock) : kNone;
      if (lock == kNone || replay.isSignal(lock) || replay.isInternalObject(lock))
        continue;
      uint32_t thread = r.threadOf(p, record->thread);
      if (thread == kNone)
        continue;
      addMisuse(replay, MisuseKind(record->header.flags),
                {*record, p, lock, thread, r.nodeOf(p, record->node), {p, record->context}});
    }
}

/// Shared acquisitions of what is held shared: the runtime lets those of plain rwlocks pass, but a
/// std::shared_mutex does not allow them, and only its name tells the two apart.
void addReentries(Replay &replay) {
  const Recording &r = *replay.recording;
  std::set<std::pair<LockId, Place>> known;
  for (const Reacquire &found : replay.facts.reacquires)
    if (found.kind == Reacquire::Kind::SharedReentry)
      known.insert({found.lock, Place{}});
  std::vector<bool> written(r.locks.size(), false);
  for (uint32_t n = 0; n < r.nodes.size(); ++n)
    if (acquires(r, n) && r.nodes[n].mode() == Mode::Exclusive)
      written[r.nodes[n].lock] = true;
  for (uint32_t n = 0; n < r.nodes.size(); ++n) {
    const NodeInfo &node = r.nodes[n];
    if (!acquires(r, n) || node.mode() != Mode::Shared || (node.flags & kNodeTry))
      continue;
    for (uint32_t h = node.parent; h != kNone; h = r.nodes[h].parent) {
      if (r.nodes[h].lock != node.lock || r.nodes[h].mode() != Mode::Shared)
        continue;
      LockId lock = replay.lockId(node.lock);
      if (replay.facts.locks[lock].internal || known.count({lock, Place{}}) ||
          !known.insert({lock, node.context}).second)
        break;
      Reacquire again;
      again.kind = Reacquire::Kind::SharedReentry;
      again.lock = lock;
      again.mode = gordian::Mode::Shared;
      again.timed = node.flags & kNodeTimed;
      again.writerExists = written[node.lock];
      again.first = replay.heldFact(h);
      again.witness = replay.stacks.witness(StepKind::Request, node.context, int(lock), again.mode);
      again.context = node.thread;
      again.function = replay.stacks.functionAt(node.context);
      replay.facts.reacquires.push_back(std::move(again));
      break;
    }
  }
}

} // namespace gordian::trace
