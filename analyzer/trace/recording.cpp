// SPDX-License-Identifier: MIT
//
// See recording.h.
#include "trace/recording.h"

#include <algorithm>
#include <tuple>

namespace gordian::trace {

bool LockInfo::isLock() const {
  switch (kind) {
  case ObjectKind::Semaphore:
    return state & kLockLike;
  case ObjectKind::None:
  case ObjectKind::Condition:
  case ObjectKind::Barrier:
  case ObjectKind::Thread:
  case ObjectKind::Futex:
  case ObjectKind::AnnotatedEvent:
  case ObjectKind::Channel:
    return false;
  default:
    return true;
  }
}

Recording::Recording(std::vector<TraceFile> files) : processes(std::move(files)), maps(processes.size()) {
  for (uint32_t p = 0; p < processes.size(); ++p) {
    addThreads(p);
    addLocks(p);
  }
  for (uint32_t p = 0; p < processes.size(); ++p) {
    addNodes(p);
    addOperations(p);
  }
  link();
  addOrder();
}

uint32_t Recording::threadOf(uint32_t process, ThreadIndex index) const {
  auto it = maps[process].threads.find(index);
  return it == maps[process].threads.end() ? kNone : it->second;
}

uint32_t Recording::lockOf(uint32_t process, Ref ref) const {
  auto it = maps[process].locks.find(ref);
  return it == maps[process].locks.end() ? kNone : it->second;
}

uint32_t Recording::nodeOf(uint32_t process, Ref ref) const {
  auto it = maps[process].nodes.find(ref);
  return it == maps[process].nodes.end() ? kNone : it->second;
}

void Recording::addThreads(uint32_t p) {
  const TraceFile &f = processes[p];
  for (Ref ref : f.all(RecordKind::ThreadStart)) {
    const auto *r = f.get<ThreadStartRecord>(ref, RecordKind::ThreadStart);
    if (!r || !maps[p].threads.try_emplace(r->thread, uint32_t(threads.size())).second)
      continue;
    ThreadInfo t;
    t.process = p;
    t.index = r->thread;
    t.tid = r->tid;
    t.parent = r->parent; // made a thread number in addOrder
    t.parentEpoch = r->parentEpoch;
    t.created = {p, r->context};
    t.startRoutine = r->startRoutine;
    threads.push_back(std::move(t));
  }
  for (Ref ref : f.all(RecordKind::ThreadName)) {
    const auto *r = f.get<ThreadNameRecord>(ref, RecordKind::ThreadName);
    uint32_t thread = r ? threadOf(p, r->thread) : kNone;
    if (thread == kNone)
      continue;
    auto [text, length] = f.tail<char>(r, r->length);
    threads[thread].name.assign(text, length);
  }
  // The rounds of a barrier or channel are the epochs of a thread that never was (format.h).
  for (Ref ref : f.all(RecordKind::Order)) {
    const auto *r = f.get<OrderRecord>(ref, RecordKind::Order);
    OrderKind kind = r ? OrderKind(r->header.flags) : OrderKind::None;
    if ((kind != OrderKind::Barrier && kind != OrderKind::Channel) ||
        !maps[p].threads.try_emplace(r->thread, uint32_t(threads.size())).second)
      continue;
    ThreadInfo rounds;
    rounds.process = p;
    rounds.index = r->thread;
    threads.push_back(std::move(rounds));
  }
}

void Recording::addLocks(uint32_t p) {
  const TraceFile &f = processes[p];
  for (Ref ref : f.all(RecordKind::Lock)) {
    const auto *r = f.get<LockRecord>(ref, RecordKind::Lock);
    if (!r)
      continue;
    LockInfo l;
    l.process = p;
    l.record = ref;
    l.kind = r->kind;
    l.flags = r->header.flags;
    l.state = r->state;
    l.address = r->address;
    l.first = {p, r->context};
    l.thread = threadOf(p, r->thread);
    l.initial = r->initial;
    l.generation = r->generation;
    l.name = f.string(r->name);
    maps[p].locks[ref] = uint32_t(locks.size());
    locks.push_back(std::move(l));
  }
  for (Ref ref : f.all(RecordKind::LockName)) {
    const auto *r = f.get<LockNameRecord>(ref, RecordKind::LockName);
    uint32_t lock = r ? lockOf(p, r->lock) : kNone;
    if (lock != kNone)
      locks[lock].name = f.string(r->name);
  }
}

void Recording::addNodes(uint32_t p) {
  const TraceFile &f = processes[p];
  for (Ref ref : f.all(RecordKind::Node)) {
    const auto *r = f.get<NodeRecord>(ref, RecordKind::Node);
    if (!r)
      continue;
    NodeInfo n;
    n.record = {p, ref};
    n.parent = r->parent; // made a node number in link
    n.lock = lockOf(p, r->lock);
    n.context = {p, r->context};
    n.thread = threadOf(p, r->thread);
    n.firstEpoch = r->firstEpoch;
    n.lastEpoch = std::max(r->lastEpoch, r->firstEpoch);
    n.epochs = std::max(r->epochs, 1u);
    n.flags = r->header.flags;
    maps[p].nodes[ref] = uint32_t(nodes.size());
    nodes.push_back(std::move(n));
  }
  for (Ref ref : f.all(RecordKind::Instance)) {
    const auto *r = f.get<InstanceRecord>(ref, RecordKind::Instance);
    uint32_t node = r ? nodeOf(p, r->node) : kNone;
    if (node == kNone)
      continue;
    auto [numbers, count] = f.tail<uint32_t>(r, r->count);
    nodes[node].instances.push_back({r->epoch, std::vector<uint32_t>(numbers, numbers + count)});
  }
}

void Recording::addOperations(uint32_t p) {
  const TraceFile &f = processes[p];
  for (Ref ref : f.all(RecordKind::Operation)) {
    const auto *r = f.get<OperationRecord>(ref, RecordKind::Operation);
    if (!r)
      continue;
    OperationInfo o;
    o.kind = r->kind;
    o.flags = r->header.flags;
    o.thread = threadOf(p, r->thread);
    if (o.thread == kNone)
      continue;
    o.object = lockOf(p, r->object);
    if (o.kind == OperationKind::ConditionWait)
      o.other = lockOf(p, r->other);
    else if (o.kind == OperationKind::Join || o.kind == OperationKind::Create)
      o.other = threadOf(p, r->other);
    o.held = nodeOf(p, r->held);
    o.mutexNode = nodeOf(p, r->mutexNode);
    o.context = {p, r->context};
    o.firstEpoch = r->firstEpoch;
    o.lastEpoch = std::max(r->lastEpoch, r->firstEpoch);
    operations.push_back(o);
  }
}

/// Were the two processes alive at one time? Files of runs one after the other may share a memory object's
/// number.
bool Recording::overlap(uint32_t p, uint32_t q) const {
  const FileHeader &a = processes[p].header(), &b = processes[q].header();
  auto endsBefore = [](const FileHeader &x, const FileHeader &y) {
    return x.endMonotonic != 0 && x.endMonotonic < y.startMonotonic;
  };
  return !endsBefore(a, b) && !endsBefore(b, a);
}

/// Parents by number, without loops: a damaged file may hold any reference. And process-shared locks become
/// one.
void Recording::link() {
  std::map<std::tuple<uint64_t, uint64_t, uint64_t>, uint32_t> shared;
  std::unordered_map<uint32_t, uint32_t> merged;
  for (uint32_t p = 0; p < processes.size(); ++p)
    for (Ref ref : processes[p].all(RecordKind::SharedLock)) {
      const auto *r = processes[p].get<SharedLockRecord>(ref, RecordKind::SharedLock);
      uint32_t lock = r ? lockOf(p, r->lock) : kNone;
      if (lock == kNone || (r->device == 0 && r->inode == 0))
        continue;
      auto [it, fresh] = shared.try_emplace({r->device, r->inode, r->offset}, lock);
      if (!fresh && locks[it->second].process != p && overlap(locks[it->second].process, p))
        merged[lock] = it->second;
      else
        it->second = lock; // a later generation in the same process
    }
  auto canonical = [&](uint32_t lock) {
    auto it = merged.find(lock);
    return it == merged.end() ? lock : it->second;
  };
  for (auto [from, to] : merged)
    locks[to].state = (locks[to].state & locks[from].state & kLockLike) |
                      ((locks[to].state | locks[from].state) & ~uint32_t(kLockLike));
  for (Maps &m : maps)
    for (auto &[ref, lock] : m.locks)
      lock = canonical(lock);
  for (OperationInfo &o : operations) {
    o.object = canonical(o.object);
    if (o.kind == OperationKind::ConditionWait)
      o.other = canonical(o.other);
  }
  for (NodeInfo &n : nodes) {
    n.lock = canonical(n.lock);
    n.parent = nodeOf(n.record.process, n.parent);
    if (n.instances.empty() && n.firstEpoch == n.lastEpoch)
      n.instances.push_back({n.firstEpoch, {}}); // outermost acquisitions have no records of their own
  }
  std::vector<uint8_t> state(nodes.size(), 0); // 1: on the path that is being followed, 2: known to end
  for (uint32_t i = 0; i < nodes.size(); ++i) {
    std::vector<uint32_t> path;
    for (uint32_t n = i; n != kNone && state[n] != 2; n = nodes[n].parent) {
      if (state[n] == 1) {
        nodes[path.back()].parent = kNone;
        break;
      }
      state[n] = 1;
      path.push_back(n);
    }
    for (uint32_t n : path)
      state[n] = 2;
  }
}

static HappensBefore::Edge::Source sourceOf(OrderKind kind) {
  switch (kind) {
  case OrderKind::Join:
    return HappensBefore::Edge::Source::End;
  case OrderKind::Semaphore:
  case OrderKind::Condition:
  case OrderKind::Barrier:
    return HappensBefore::Edge::Source::Operation;
  default:
    return HappensBefore::Edge::Source::Unknown;
  }
}

void Recording::addOrder() {
  order = HappensBefore(threads.size());
  firstGap.assign(threads.size(), ~0u);
  std::map<uint64_t, uint32_t> processByNonce;
  for (uint32_t p = 0; p < processes.size(); ++p)
    processByNonce[processes[p].header().nonce] = p;
  for (uint32_t t = 0; t < threads.size(); ++t) {
    ThreadInfo &thread = threads[t];
    thread.parent = thread.parent ? threadOf(thread.process, thread.parent) : kNone;
    const FileHeader &header = processes[thread.process].header();
    auto forkedFrom = processByNonce.find(header.parentNonce);
    if (header.parentNonce && thread.index == 1 && forkedFrom != processByNonce.end()) {
      thread.parent = threadOf(forkedFrom->second, header.forkThread);
      thread.parentEpoch = header.forkEpoch;
    }
    if (thread.parent != kNone)
      order.addEdge(t, {1, thread.parent, thread.parentEpoch, HappensBefore::kNoMonitor,
                        HappensBefore::Edge::Source::Operation});
  }
  for (uint32_t p = 0; p < processes.size(); ++p) {
    const TraceFile &f = processes[p];
    for (Ref ref : f.all(RecordKind::Order)) {
      const auto *r = f.get<OrderRecord>(ref, RecordKind::Order);
      uint32_t thread = r ? threadOf(p, r->thread) : kNone;
      if (thread == kNone)
        continue;
      if (OrderKind(r->header.flags) == OrderKind::Process) {
        addProcessEnd(p, r->peer, thread, r->epoch);
        continue;
      }
      uint32_t peer = threadOf(p, r->peer);
      if (peer == kNone)
        continue;
      bool monitor = OrderKind(r->header.flags) == OrderKind::Monitor;
      uint32_t lock = monitor ? lockOf(p, r->object) : HappensBefore::kNoMonitor;
      if (monitor && lock == kNone)
        continue; // an edge that would order its own lock's cycles, too
      order.addEdge(thread, {r->epoch, peer, r->peerEpoch, lock, sourceOf(OrderKind(r->header.flags))});
    }
    for (Ref ref : f.all(RecordKind::OrderGap)) {
      const auto *r = f.get<OrderGapRecord>(ref, RecordKind::OrderGap);
      uint32_t thread = r ? threadOf(p, r->thread) : kNone;
      if (thread != kNone)
        firstGap[thread] = std::min(firstGap[thread], r->epoch);
    }
  }
  addEarlierSections();
  order.seal();
}

/// All threads of process `pid`, a child of `p`, come before the thread's epoch.
void Recording::addProcessEnd(uint32_t p, uint32_t pid, uint32_t thread, Epoch epoch) {
  const FileHeader &parent = processes[p].header();
  for (uint32_t t = 0; t < threads.size(); ++t) {
    const FileHeader &h = processes[threads[t].process].header();
    if (threads[t].process != p && h.pid == pid && (h.parentNonce == 0 || h.parentNonce == parent.nonce))
      order.addEdge(thread, {epoch, t, ~Epoch(0)});
  }
}

/// Critical sections of a monitor from before it was known as one: whoever made it one, by waiting or
/// notifying, has found what they left. Other mutexes than the C library's are known from the start.
void Recording::addEarlierSections() {
  std::unordered_map<uint32_t, std::pair<uint32_t, Epoch>> known; // by monitor: since when
  for (uint32_t p = 0; p < processes.size(); ++p)
    for (Ref ref : processes[p].all(RecordKind::Monitor)) {
      const auto *r = processes[p].get<MonitorRecord>(ref, RecordKind::Monitor);
      uint32_t lock = r ? lockOf(p, r->lock) : kNone, thread = r ? threadOf(p, r->thread) : kNone;
      if (lock != kNone && thread != kNone && isMutex(locks[lock].kind))
        known.try_emplace(lock, thread, r->epoch);
    }
  for (const NodeInfo &n : nodes) {
    auto since = n.flags & (kNodeMonitor | kNodeSynthetic) ? known.end() : known.find(n.lock);
    if (since != known.end() && n.thread != kNone)
      order.addEdge(since->second.first, {since->second.second, n.thread, n.firstEpoch, n.lock});
  }
}

bool Recording::gapBefore(uint32_t thread, Epoch epoch) const {
  return firstGap[thread] <= epoch;
}

std::vector<uint32_t> Recording::heldFrom(uint32_t node) const {
  std::vector<uint32_t> held;
  for (uint32_t n = node; n != kNone; n = nodes[n].parent) {
    uint32_t lock = nodes[n].lock;
    if (lock == kNone || !locks[lock].isLock())
      continue;
    // A re-entrant lock held twice is held once, from its outermost acquisition on.
    auto again = std::find_if(held.begin(), held.end(), [&](uint32_t h) { return nodes[h].lock == lock; });
    if (again != held.end())
      held.erase(again);
    held.push_back(n);
  }
  return held;
}

std::vector<uint32_t> Recording::heldBelow(uint32_t node) const {
  return heldFrom(nodes[node].parent);
}

} // namespace gordian::trace
