// SPDX-License-Identifier: MIT
//
// Chains of held locks, and the abstract acquires recorded from them.
//
// Every acquisition pushes an entry on the thread's held stack and extends a rolling hash over (lock, mode,
// call site) of all that is held. The hash is looked up in a direct-mapped cache of the thread, where one
// word stands for each acquire. A hit says that this very acquire is on record for this epoch: nothing is
// written but the entry. Cost does not depend on the depth, on the number of locks or of threads.
//
// A miss goes through four steps, cheapest first:
//   1. the class (call site of the lock below, call site) has had its share of nodes: counted in its
//   ClassRecord.
//   2. the thread's table of all its nodes: the cache entry had been displaced, or belongs to an older epoch;
//   then the node's last
//      epoch moves (the first few epochs get an InstanceRecord).
//   3. a new NodeRecord of 32 bytes, where its context is known by its key.
//   4. a new context: the stack is unwound, once for each key (contexts.h).
//
// Locks that are not released in stack order leave a gap: entries above it get new hashes, and their nodes
// are made anew, as synthetic ones, when something is acquired above them.
#ifndef GORDIAN_TRACE_CHAINS_H
#define GORDIAN_TRACE_CHAINS_H

#include "trace/objects.h"
#include "trace/writer.h"

namespace gordian::runtime {

constexpr uint64_t kChainFactor = 0x9e3779b97f4a7c15u;
inline uint64_t chainOf(uint64_t below, trace::Ref lock, uint64_t site, uint32_t shared) {
  return ((below + lock) ^ (site + shared)) * kChainFactor;
}

/// The site of an exclusive acquisition, out of its chain: what the fast path need not keep in a register.
inline uint64_t siteOfChain(uint64_t chain, uint64_t below, trace::Ref lock) {
  constexpr uint64_t kInverse = 0xf1de83e19937733du;
  static_assert(kInverse * kChainFactor == 1);
  return (chain * kInverse) ^ (below + lock);
}
inline uint32_t cacheSlot(uint64_t chain) {
  return uint32_t(chain >> (64 - ThreadState::kCacheBits));
}
inline uint32_t cacheTag(uint64_t chain, trace::Epoch epoch) {
  return uint32_t(chain) ^ epoch;
}

/// The acquisition that hit the cache is pushed; false: it did not, and nothing has changed.
inline __attribute__((always_inline)) bool pushKnown(ThreadState *t, HeldEntry *below, void *address,
                                                     uint64_t chain, uint32_t state = kHeldPlain) {
  const CacheEntry c = t->cache[cacheSlot(chain)];
  if (__builtin_expect(uint32_t(c >> 32) != cacheTag(chain, t->epoch) || uint32_t(c) == trace::kNoRef, 0))
    return false;
  HeldEntry *e = below + 1;
  t->heldTop = e; // first, so that a signal handler works above
  __atomic_signal_fence(__ATOMIC_SEQ_CST);
  e->address = address;
  e->chain = chain;
  // Node and state as one store.
  const uint64_t both = uint64_t(state) << 32 | uint32_t(c);
  __builtin_memcpy(&e->node, &both, sizeof(both));
  return true;
}
static_assert(offsetof(HeldEntry, state) == offsetof(HeldEntry, node) + 4);

/// The class of an acquisition: (call site of the lock below or 0, call site). Sites are hashes already.
inline uint64_t classKey(uint64_t siteBelow, uint64_t site) {
  return (((siteBelow << 21) | (siteBelow >> 43)) + site) | 1;
}
inline size_t fullSlot(uint64_t key) {
  return key >> 58;
}

inline uint64_t siteOf(const HeldEntry *e) {
  if (!e->node)
    return e->site;
  const trace::Ref context = static_cast<const trace::NodeRecord *>(traceFile.at(e->node))->context;
  return context ? static_cast<const trace::ContextRecord *>(traceFile.at(context))->key : 0;
}

/// The class of an acquisition that is only counted, since its class has had its share: asked before the
/// cache where there are such classes, because a thread that takes thousands of locks in turn finds few of
/// them in its cache, but pays for each look. Null: it is none, or there is no room to hold it.
inline __attribute__((always_inline)) trace::ClassRecord *fullClass(ThreadState *t, HeldEntry *below,
                                                                    uint64_t site) {
  const uint64_t key = classKey(siteOf(below), site); // the bottom's is 0
  const FullClass *full = &t->fullClasses[fullSlot(key)];
  if (full->key != key)
    full = &t->fullClasses[fullSlot(key) ^ 1];
  const bool fits = below + 1 < &t->held[ThreadState::kMaxHeld];
  return __builtin_expect(full->key == key && fits, 1) ? full->record : nullptr;
}

/// Such an acquisition is pushed.
inline __attribute__((always_inline)) void pushCounted(ThreadState *t, HeldEntry *below,
                                                       trace::ClassRecord *full, void *address,
                                                       trace::Ref lock, uint64_t site, uint64_t chain,
                                                       uint32_t state = kHeldPlain) {
  full->dropped++;
  if (full->lastEpoch != t->epoch)
    full->lastEpoch = t->epoch;
  HeldEntry *e = below + 1;
  t->heldTop = e;
  __atomic_signal_fence(__ATOMIC_SEQ_CST);
  e->address = address;
  e->chain = chain;
  e->node = trace::kNoRef;
  e->state = state;
  e->site = site;
  e->lock = lock;
  e->kind = trace::ObjectKind::None;
}

/// Both. False: nothing has changed.
inline __attribute__((always_inline)) bool pushIfCounted(ThreadState *t, HeldEntry *below, void *address,
                                                         trace::Ref lock, uint64_t site, uint64_t chain,
                                                         uint32_t state = kHeldPlain) {
  trace::ClassRecord *full = t->countsClasses ? fullClass(t, below, site) : nullptr;
  if (full)
    pushCounted(t, below, full, address, lock, site, chain, state);
  return full != nullptr;
}

/// Any acquisition is pushed, and recorded where it is new. `state`: kHeldOnce and flags.
void pushHeld(ThreadState *t, const void *address, trace::Ref lock, trace::ObjectKind kind, uint32_t state,
              CallPoint at, uint64_t site);

/// The innermost entry of the lock, null: not held.
HeldEntry *findHeld(ThreadState *t, const void *address);

/// Takes the entry out, wherever it stands.
void removeHeld(ThreadState *t, HeldEntry *e);

trace::Ref lockOf(const HeldEntry *e);
trace::ObjectKind kindOf(const HeldEntry *e);

/// The right to write records for the thread. A signal handler that interrupts a recording gets none (false),
/// nor does anybody while recording is off; functions that write demand it as an argument. Brings the session
/// back to life after a fork.
class Recording {
public:
  explicit Recording(ThreadState *t);
  Recording(const Recording &) = delete;
  ~Recording();
  explicit operator bool() const { return t_ != nullptr; }
  ThreadState *thread() const { return t_; }

private:
  ThreadState *t_ = nullptr;
};

/// Node of the innermost lock held, made where there is none yet; kNoRef: nothing held (or dropped).
trace::Ref heldNode(const Recording &r);
trace::Ref nodeOf(const Recording &r, HeldEntry *e);

/// What would be heldNode if `without` were released.
trace::Ref heldWithout(const Recording &r, const HeldEntry *without);

/// The node of a request for the lock, before it is acquired: for a thread that is about to block. `state` as
/// in pushHeld.
trace::Ref recordRequest(const Recording &r, trace::Ref lock, trace::ObjectKind kind, uint32_t state,
                         CallPoint at, uint64_t site);
void markBlocked(trace::Ref node);

/// An operation that is no acquire; once for each (kind, object, chain, site).
struct OperationFacts {
  trace::OperationKind kind;
  uint8_t flags = 0; // trace::kOperation*
  trace::Ref object = trace::kNoRef;
  uint32_t other = 0;
  trace::Ref mutexNode = trace::kNoRef;
  trace::Ref held = trace::kNoRef; // where heldGiven; else what the thread holds now
  bool heldGiven = false;
};
void recordOperation(const Recording &r, const OperationFacts &facts, CallPoint at, uint64_t site);

/// Once for each (kind, lock, site) in each thread.
struct MisuseFacts {
  trace::MisuseKind kind;
  uint8_t flags = 0; // trace::kNode*
  trace::Ref lock = trace::kNoRef;
  trace::Ref node = trace::kNoRef;
  trace::ThreadIndex other = 0;
  uintptr_t earlierRelease = 0;
  int32_t error = 0;
};
void recordMisuse(const Recording &r, const MisuseFacts &facts, CallPoint at, uint64_t site);

/// All that the thread still holds, as HeldRecords.
void recordHeld(const Recording &r, trace::HeldKind kind, trace::Ref context);

/// Before the trace of the forked process is forgotten: entries say themselves what their nodes said.
void unfoldHeld(ThreadState *t);

} // namespace gordian::runtime

#endif
