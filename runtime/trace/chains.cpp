// SPDX-License-Identifier: MIT
#include "trace/chains.h"

#include "core/check.h"
#include "trace/contexts.h"
#include "trace/node_table.h"
#include "trace/order.h"
#include "trace/session.h"
#include "trace/writer.h"

#include <cstring>

namespace gordian::runtime {

using namespace gordian::trace;

namespace {

constexpr uint32_t kOutermostPerClass = 512; // nodes for each (thread, call site below, call site)
constexpr uint32_t kNestedPerClass = 2048;
constexpr size_t kMaxCopied = 16;
constexpr uint64_t kSynthetic = 0x5851f42d4c957f2du; // key of a synthetic node: the chain's, changed by this

NodeRecord *nodeAt(Ref node) {
  return static_cast<NodeRecord *>(traceFile.at(node));
}

uint8_t nodeFlags(uint32_t state) {
  return uint8_t((state & kHeldShared ? kNodeShared : 0) | (state & kHeldTry ? kNodeTry : 0) |
                 (state & kHeldTimed ? kNodeTimed : 0) | (state & kHeldReacquired ? kNodeReacquire : 0) |
                 (state & kHeldInherited ? kNodeInherited : 0) | (state & kHeldMonitor ? kNodeMonitor : 0) |
                 (state & kHeldRechained ? kNodeSynthetic : 0));
}

uint32_t sequenceOf(const HeldEntry *e) {
  if (!e->address)
    return 0; // a request: not yet numbered
  if (!(e->state & kHeldInLock)) {
    const Object *o = findObject(e->address);
    return o ? o->sequence : 0;
  }
  const bool semaphore = e->state & kHeldSemaphore;
  if (!semaphore && !isMutex(kindOf(e)))
    return 0;
  const size_t place = semaphore ? kSemaphorePlace : kMutexPlace;
  return uint32_t(placeIn(e->address, place)[1]) + 1; // releases so far; 0 stands for unknown
}

/// `e` is the entry that the node stands for; entries below it are the held ones.
void writeInstance(ThreadState *t, Ref node, const HeldEntry *e) {
  uint32_t count = uint32_t(e - t->bottom());
  if (count > 32)
    count = 32;
  auto *r = reserveRecord<InstanceRecord>(t->index, count * sizeof(uint32_t));
  if (!r) {
    traceFile.drop(kDroppedInstances, 0);
    return;
  }
  r->node = node;
  r->epoch = t->epoch;
  r->count = count;
  auto *numbers = reinterpret_cast<uint32_t *>(r + 1);
  for (uint32_t i = 0; i < count; i++)
    numbers[i] = sequenceOf(e - i);
  TraceFile::commit(r, RecordKind::Instance);
}

void nested(ThreadState *t) {
  t->nestedPast = true;
  if (!__atomic_load_n(&nestedAnywhere, __ATOMIC_RELAXED))
    __atomic_store_n(&nestedAnywhere, true, __ATOMIC_RELAXED);
}

/// The node happened (again), in this epoch.
void touch(ThreadState *t, Ref node, const HeldEntry *e) {
  markDirty(t);
  NodeRecord *n = nodeAt(node);
  if (n->lastEpoch == t->epoch)
    return;
  n->lastEpoch = t->epoch;
  n->epochs++;
  if (n->parent == kNoRef)
    return;
  nested(t);
  if (n->epochs <= kInstances || (n->epochs & (n->epochs - 1)) == 0)
    writeInstance(t, node, e);
}

Ref writeNode(ThreadState *t, const HeldEntry &e, Ref lock, Ref parent, Ref context) {
  auto *n = reserveRecord<NodeRecord>(t->index);
  if (!n) {
    traceFile.drop(kDroppedNodes, kIncompleteNodes);
    return kNoRef;
  }
  n->parent = parent;
  n->lock = lock;
  n->context = context;
  n->thread = t->index;
  n->firstEpoch = n->lastEpoch = t->epoch;
  n->epochs = 1;
  TraceFile::commit(n, RecordKind::Node, nodeFlags(e.state));
  return traceFile.refOf(n);
}

/// Counts an acquisition whose class has no room left, and has the next ones counted without coming here
/// (pushCounted).
void dropFromClass(ThreadState *t, const ClassSlot *c) {
  if (!c->dropped)
    return;
  auto *record = static_cast<ClassRecord *>(traceFile.at(c->dropped));
  record->dropped++;
  record->lastEpoch = t->epoch;
  FullClass &slot = t->fullClasses[fullSlot(c->key)];
  t->fullClasses[fullSlot(c->key) ^ 1] = slot;
  slot = {c->key, record};
  t->countsClasses = true;
}

void writeClass(ThreadState *t, ClassSlot *c, uint64_t siteBelow, uint64_t site) {
  auto *r = reserveRecord<ClassRecord>(t->index);
  traceFile.drop(kDroppedNodes, kIncompleteNodes);
  if (!r)
    return;
  r->thread = t->index;
  r->parentContext = contextOf(siteBelow);
  r->context = contextOf(site);
  r->firstEpoch = t->epoch;
  TraceFile::commit(r, RecordKind::Class);
  c->dropped = traceFile.refOf(r);
}

/// The node of the chain if it is on record for this epoch; it gets its place in the cache back.
Ref displacedNode(ThreadState *t, uint64_t chain) {
  const NodeSlot *known = lookUp(t->nodes, chain);
  if (!known || nodeAt(known->node)->lastEpoch != t->epoch)
    return kNoRef;
  t->cache[cacheSlot(chain)] = CacheEntry(cacheTag(chain, t->epoch)) << 32 | known->node;
  return known->node;
}

/// What other threads released in this thread's place is no longer held. The oldest entry of the address is
/// meant: a younger one is a new acquisition.
void forgetForeign(ThreadState *t) {
  __atomic_store_n(&t->foreign, 0, __ATOMIC_RELAXED);
  for (const void *&slot : t->foreignReleases) {
    const void *address = __atomic_exchange_n(&slot, nullptr, __ATOMIC_ACQUIRE);
    for (HeldEntry *e = t->bottom() + 1; address && e <= t->top(); e++) {
      if (e->address != address)
        continue;
      if (e->state & kHeldSemaphore)
        keepUnit(t, {address, 0, 0});
      removeHeld(t, e);
      break;
    }
  }
}

/// What was held at a fork gets identities of the new file.
void reidentifyHeld(ThreadState *t) {
  for (HeldEntry *e = t->bottom() + 1; e <= t->top(); e++) {
    e->lock = writeLock(t, e->address, {e->kind, kLockForked}, kNoRef, 0);
    if (e->state & kHeldSemaphore)
      e->state &= ~kHeldInLock;
    if (e->state & kHeldInLock)
      __atomic_store_n(placeIn(e->address, isMutex(e->kind) ? kMutexPlace : kRwLockPlace),
                       identityWord(e->address, e->lock), __ATOMIC_RELEASE);
    else if (Object *o = findObject(e->address))
      o->lock = e->lock;
    e->chain = chainOf(e[-1].chain, e->lock, e->site, e->state & kHeldShared);
  }
}

/// The node for an acquisition of the entry, which stands (or would stand) on `below`. kNoRef: not recorded.
Ref acquireNode(const Recording &r, const HeldEntry &e, HeldEntry *below, CallPoint at) {
  ThreadState *t = r.thread();
  const bool outermost = below == t->bottom();
  const uint64_t siteBelow = outermost ? 0 : siteOf(below);
  ClassSlot *c = lookUpOrAdd(t->classes, classKey(siteBelow, e.site));
  if (!c)
    return kNoRef;
  if (c->nodes >= (outermost ? kOutermostPerClass : kNestedPerClass)) {
    dropFromClass(t, c);
    return kNoRef;
  }
  if (NodeSlot *known = lookUp(t->nodes, e.chain)) {
    touch(t, known->node, &e);
    return known->node;
  }
  const Ref context = contextAt(t, at, e.site);
  const Ref parent = outermost ? kNoRef : nodeOf(r, below);
  if (!outermost && parent == kNoRef)
    return kNoRef; // a path with a hole would claim that less was held
  markDirty(t);
  const Ref node = writeNode(t, e, e.lock, parent, context);
  NodeSlot *slot = node ? lookUpOrAdd(t->nodes, e.chain) : nullptr;
  if (!slot)
    return kNoRef;
  slot->node = node;
  if (++c->nodes == (outermost ? kOutermostPerClass : kNestedPerClass))
    writeClass(t, c, siteBelow, e.site);
  if (parent) {
    nested(t);
    writeInstance(t, node, &e);
  }
  return node;
}

/// The entry has just been pushed, and the cache does not know it. `below`: its place, which a foreign
/// release may have changed.
Ref recordAcquire(const Recording &r, HeldEntry *e, CallPoint at) {
  ThreadState *t = r.thread();
  if (__builtin_expect(t->foreign, 0)) {
    const void *address = e->address;
    forgetForeign(t);
    e = findHeld(t, address);
    if (!e)
      return kNoRef;
    e->state &= ~kHeldRechained; // an honest acquire, wherever it stands now
  }
  const Ref node = acquireNode(r, *e, e - 1, at);
  e->node = node;
  if (node)
    t->cache[cacheSlot(e->chain)] = CacheEntry(cacheTag(e->chain, t->epoch)) << 32 | node;
  return node;
}

} // namespace

Recording::Recording(ThreadState *t) {
  if (!recording || !t || t->busy)
    return;
  t->busy = 1;
  if (__builtin_expect(t->index == 0, 0) || forkedUnseen()) { // first event after a fork
    if (!openSession()) {
      t->busy = 0;
      return;
    }
    t->busy = 1;
    joinSession(t);
    reidentifyHeld(t);
  }
  t_ = t;
}

Recording::~Recording() {
  if (t_)
    t_->busy = 0;
}

__attribute__((noinline)) void pushHeld(ThreadState *t, const void *address, Ref lock, ObjectKind kind,
                                        uint32_t state, CallPoint at, uint64_t site) {
  HeldEntry *below = t->top();
  HeldEntry *e = below + 1;
  if (e >= &t->held[ThreadState::kMaxHeld]) {
    t->overflow++;
    if (traceFile.isOpen())
      traceFile.drop(kDroppedHeld, kIncompleteHeld);
    return;
  }
  const uint64_t chain = chainOf(below->chain, lock, site, state & kHeldShared);
  const CacheEntry c = t->cache[cacheSlot(chain)];
  const Ref node = uint32_t(c >> 32) == cacheTag(chain, t->epoch) ? Ref(c)
                   : t->foreign                                   ? kNoRef
                                                                  : displacedNode(t, chain);
  t->setTop(e);
  __atomic_signal_fence(__ATOMIC_SEQ_CST);
  e->address = const_cast<void *>(address);
  e->chain = chain;
  e->state = state;
  e->site = site;
  e->lock = lock;
  e->kind = kind;
  e->node = node;
  if (node || !lock)
    return;
  if (Recording r(t); r)
    recordAcquire(r, e, at);
}

HeldEntry *findHeld(ThreadState *t, const void *address) {
  for (HeldEntry *e = t->top(), *bottom = t->bottom(); e > bottom; e--)
    if (e->address == address)
      return e;
  return nullptr;
}

Ref lockOf(const HeldEntry *e) {
  return e->node ? nodeAt(e->node)->lock : e->lock;
}

ObjectKind kindOf(const HeldEntry *e) {
  if (!e->node && e->kind != ObjectKind::None)
    return e->kind;
  const LockRecord *lock = lockRecord(lockOf(e));
  return lock ? lock->kind : ObjectKind::None;
}

void unfoldHeld(ThreadState *t) {
  for (HeldEntry *e = t->bottom() + 1; e <= t->top(); e++) {
    const ObjectKind kind = kindOf(e);
    e->site = siteOf(e);
    e->lock = lockOf(e);
    e->kind = kind;
    e->node = kNoRef;
  }
}

void removeHeld(ThreadState *t, HeldEntry *e) {
  HeldEntry *top = t->top();
  for (; e != top; e++) {
    const HeldEntry &from = e[1];
    const uint64_t site = siteOf(&from);
    const Ref lock = lockOf(&from);
    const ObjectKind kind = from.node ? ObjectKind::None : from.kind;
    const uint32_t state = from.state | kHeldRechained;
    *e = {from.address, chainOf(e[-1].chain, lock, site, state & kHeldShared), kNoRef, state, site, lock,
          kind};
  }
  t->setTop(top - 1);
}

Ref nodeOf(const Recording &r, HeldEntry *e) {
  ThreadState *t = r.thread();
  if (e == t->bottom())
    return kNoRef;
  if (e->node)
    return e->node;
  NodeSlot *known = lookUp(t->nodes, e->chain);
  if (!known)
    known = lookUp(t->nodes, e->chain ^ kSynthetic);
  if (known)
    return e->node = known->node;
  HeldEntry *below = e - 1;
  const Ref parent = nodeOf(r, below);
  if (!e->lock || (below != t->bottom() && !parent))
    return kNoRef;
  markDirty(t);
  const Ref node = writeNode(t, *e, e->lock, parent, contextOf(e->site));
  const uint64_t key = e->state & kHeldRechained ? e->chain ^ kSynthetic : e->chain;
  if (NodeSlot *slot = node ? lookUpOrAdd(t->nodes, key) : nullptr)
    slot->node = node;
  return e->node = node;
}

Ref heldNode(const Recording &r) {
  if (r.thread()->foreign)
    forgetForeign(r.thread());
  return nodeOf(r, r.thread()->top());
}

Ref heldWithout(const Recording &r, const HeldEntry *without) {
  ThreadState *t = r.thread();
  HeldEntry *top = t->top();
  if (without == top)
    return nodeOf(r, top - 1);
  // Tried on a copy of the entries: the thread goes on holding all of them.
  const size_t above = size_t(top - without);
  HeldEntry kept[kMaxCopied];
  HeldEntry *e = const_cast<HeldEntry *>(without);
  if (above > kMaxCopied - 1)
    return kNoRef;
  memcpy(kept, e, (above + 1) * sizeof(*e));
  removeHeld(t, e);
  const Ref node = nodeOf(r, t->top());
  memcpy(e, kept, (above + 1) * sizeof(*e));
  t->setTop(top);
  return node;
}

Ref recordRequest(const Recording &r, Ref lock, ObjectKind kind, uint32_t state, CallPoint at,
                  uint64_t site) {
  ThreadState *t = r.thread();
  if (t->foreign)
    forgetForeign(t);
  HeldEntry *below = t->top();
  // The entry is filled where it will stand, but not yet held.
  HeldEntry *e = below + 1;
  if (e >= &t->held[ThreadState::kMaxHeld] || !lock)
    return kNoRef;
  e->address = nullptr;
  e->site = site;
  e->lock = lock;
  e->state = state;
  e->kind = kind;
  e->node = kNoRef;
  e->chain = chainOf(below->chain, lock, site, state & kHeldShared);
  return acquireNode(r, *e, below, at);
}

void markBlocked(Ref node) {
  if (!node)
    return;
  RecordHeader &h = nodeAt(node)->header;
  if (!(h.flags & kNodeBlocked))
    __atomic_store_n(&h.flags, uint8_t(h.flags | kNodeBlocked), __ATOMIC_RELAXED);
}

void recordOperation(const Recording &r, const OperationFacts &facts, CallPoint at, uint64_t site) {
  ThreadState *t = r.thread();
  if (t->foreign)
    forgetForeign(t);
  const uint64_t key =
      chainOf(t->top()->chain, facts.object, site, uint32_t(facts.kind) << 8 | facts.flags) ^ 2;
  CacheEntry &c = t->cache[cacheSlot(key)];
  if (uint32_t(c >> 32) == cacheTag(key, t->epoch))
    return;
  NodeSlot *slot = lookUpOrAdd(t->nodes, key);
  if (!slot)
    return;
  markDirty(t);
  if (slot->node) {
    static_cast<OperationRecord *>(traceFile.at(slot->node))->lastEpoch = t->epoch;
  } else {
    const Ref context = contextAt(t, at, site);
    const Ref held = facts.heldGiven ? facts.held : heldNode(r);
    auto *o = reserveRecord<OperationRecord>(t->index);
    if (!o)
      return;
    o->thread = t->index;
    o->object = facts.object;
    o->other = facts.other;
    o->held = held;
    o->context = context;
    o->firstEpoch = o->lastEpoch = t->epoch;
    o->kind = facts.kind;
    o->mutexNode = facts.mutexNode;
    TraceFile::commit(o, RecordKind::Operation, facts.flags);
    // The table may have grown meanwhile.
    slot = lookUpOrAdd(t->nodes, key);
    slot->node = traceFile.refOf(o);
  }
  c = CacheEntry(cacheTag(key, t->epoch)) << 32 | slot->node;
}

void recordMisuse(const Recording &r, const MisuseFacts &facts, CallPoint at, uint64_t site) {
  ThreadState *t = r.thread();
  const uint64_t key = chainOf(uint64_t(facts.kind) * 0xd6e8feb86659fd93u, facts.lock, site, facts.flags) ^ 3;
  NodeSlot *slot = lookUpOrAdd(t->nodes, key);
  if (!slot || slot->node)
    return;
  slot->node = 1;
  const Ref context = contextAt(t, at, site);
  const Ref held = heldNode(r);
  auto *m = reserveRecord<MisuseRecord>(t->index, 0, true);
  if (!m) {
    traceFile.drop(kDroppedMisuse, 0);
    return;
  }
  markDirty(t);
  m->thread = t->index;
  m->epoch = t->epoch;
  m->lock = facts.lock;
  m->held = held;
  m->context = context;
  m->node = facts.node;
  m->other = facts.other;
  m->earlierRelease = facts.earlierRelease;
  m->error = facts.error;
  m->flags = facts.flags;
  TraceFile::commit(m, RecordKind::Misuse, uint8_t(facts.kind));
}

void recordHeld(const Recording &r, HeldKind kind, Ref context) {
  ThreadState *t = r.thread();
  if (t->foreign)
    forgetForeign(t);
  for (HeldEntry *e = t->bottom() + 1; e <= t->top(); e++) {
    const Ref node = nodeOf(r, e);
    auto *h = reserveRecord<HeldRecord>(t->index, 0, true);
    if (!h)
      return;
    h->thread = t->index;
    h->node = node;
    h->context = context;
    h->lock = lockOf(e);
    h->epoch = t->epoch;
    TraceFile::commit(h, RecordKind::Held, uint8_t(kind));
  }
}

} // namespace gordian::runtime
