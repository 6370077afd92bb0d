// SPDX-License-Identifier: MIT
#include "trace/objects.h"

#include "core/arena.h"
#include "core/mappings.h"
#include "trace/contexts.h"
#include "trace/writer.h"

namespace gordian::runtime {

using namespace gordian::trace;

constinit uint32_t placeNonce = 0;
constinit FutexLock objectsLock;

namespace {

/// Open addressing; a segment that is half full gets a larger successor, and searches go through all of them.
/// Entries are never moved or freed: a reader needs no lock.
struct Segment {
  Object **slots;
  uint32_t capacity; // power of two
  uint32_t used;
};
constexpr unsigned kSegments = 10;
constexpr uint32_t kFirstCapacity = 1u << 13;
constexpr unsigned kProbes = 64;

constinit Segment segments[kSegments] = {};
constinit uint32_t segmentCount = 0;

uint32_t hashOf(const void *address) {
  return uint32_t((reinterpret_cast<uintptr_t>(address) * 0x9e3779b97f4a7c15u) >> 32);
}

/// Null: not in this segment. `place`: where it could go (a free slot or a removed object's).
Object *findIn(const Segment &s, const void *address, Object ***place) {
  const uint32_t mask = s.capacity - 1;
  const uint32_t hash = hashOf(address);
  for (unsigned i = 0; i < kProbes; i++) {
    Object **slot = &s.slots[(hash + i) & mask];
    Object *o = __atomic_load_n(slot, __ATOMIC_ACQUIRE);
    const void *there = o ? __atomic_load_n(&o->address, __ATOMIC_ACQUIRE) : nullptr;
    if (o && there == address)
      return o;
    if (place && !*place && !there)
      *place = slot;
    if (!o)
      return nullptr;
  }
  return nullptr;
}

bool addSegment() {
  if (segmentCount == kSegments)
    return false;
  const uint32_t capacity = segmentCount ? segments[segmentCount - 1].capacity * 4 : kFirstCapacity;
  auto *slots = static_cast<Object **>(mapMemory(capacity * sizeof(Object *)));
  if (!slots)
    return false;
  segments[segmentCount] = {slots, capacity, 0};
  __atomic_store_n(&segmentCount, segmentCount + 1, __ATOMIC_RELEASE);
  return true;
}

/// With objectsLock held.
Object *insert(const void *address) {
  for (;;) {
    for (uint32_t i = 0; i < segmentCount; i++) {
      Segment &s = segments[i];
      Object **place = nullptr;
      findIn(s, address, &place);
      if (!place || (!*place && s.used >= s.capacity / 2))
        continue;
      Object *o = *place;
      if (o) { // a removed one: its generation goes on where the address is the same by chance only
        const uint32_t generation = o->generation;
        *o = Object();
        o->generation = generation;
      } else {
        o = arena.make<Object>();
        if (!o)
          return nullptr;
        s.used++;
      }
      __atomic_store_n(&o->address, address, __ATOMIC_RELEASE);
      __atomic_store_n(place, o, __ATOMIC_RELEASE);
      return o;
    }
    if (!addSegment())
      return nullptr;
  }
}

} // namespace

Object *findObject(const void *address) {
  const uint32_t count = __atomic_load_n(&segmentCount, __ATOMIC_ACQUIRE);
  for (uint32_t i = 0; i < count; i++)
    if (Object *o = findIn(segments[i], address, nullptr))
      return o;
  return nullptr;
}

Object *objectAt(const void *address) {
  if (Object *o = findObject(address))
    return o;
  Locked locked(objectsLock);
  Object *o = nullptr;
  if (locked) {
    o = findObject(address);
    if (!o)
      o = insert(address);
  }
  if (!o && traceFile.isOpen())
    traceFile.drop(kDroppedSide, kIncompleteLocks);
  return o;
}

void removeObject(const void *address) {
  if (Object *o = findObject(address)) {
    o->generation++;
    o->lock = kNoRef;
    __atomic_store_n(&o->address, nullptr, __ATOMIC_RELEASE);
  }
}

void forEachObject(bool (*visit)(Object *o, void *data), void *data) {
  for (uint32_t i = 0; i < segmentCount; i++)
    for (uint32_t k = 0; k < segments[i].capacity; k++)
      if (Object *o = segments[i].slots[k]; o && o->address && !visit(o, data))
        return;
}

void forgetObjects() {
  // What the parent knew stays true of the copied memory; only the records have to be written anew.
  forEachObject(
      [](Object *o, void *) {
        o->lock = kNoRef;
        o->last = {};
        o->virtualThread = 0;
        o->received = 0;
        o->owner = 0;
        o->tokenCount = 0;
        return true;
      },
      nullptr);
}

// ---------------------------------------------------------------------------------------------------------------

namespace {

/// By which other processes know it: the memory's file, and where in it. Private memory has no such name.
void writeSharedLock(ThreadState *t, const void *address, Ref lock) {
  const auto place = reinterpret_cast<uintptr_t>(address);
  Mapping m;
  auto *r = mappingAt(place, m) && m.shared ? reserveRecord<SharedLockRecord>(t->index) : nullptr;
  if (!r)
    return;
  r->lock = lock;
  r->device = m.device;
  r->inode = m.inode;
  r->offset = m.offset + (place - m.begin);
  TraceFile::commit(r, RecordKind::SharedLock);
}

} // namespace

Ref writeLock(ThreadState *t, const void *address, LockTraits traits, Ref context, uint32_t generation) {
  auto *r = reserveRecord<LockRecord>(t->index);
  if (!r) {
    traceFile.drop(kDroppedLocks, kIncompleteLocks);
    return kNoRef;
  }
  r->kind = traits.kind;
  r->address = reinterpret_cast<uintptr_t>(address);
  r->context = context;
  r->thread = t->index;
  r->initial = traits.initial;
  r->generation = generation;
  TraceFile::commit(r, RecordKind::Lock, traits.flags);
  if (traits.flags & kLockProcessShared)
    writeSharedLock(t, address, traceFile.refOf(r));
  return traceFile.refOf(r);
}

const LockRecord *lockRecord(Ref lock) {
  return lock ? static_cast<const LockRecord *>(traceFile.at(lock)) : nullptr;
}

uint32_t lockState(Ref lock) {
  const LockRecord *r = lockRecord(lock);
  return r ? __atomic_load_n(&r->state, __ATOMIC_RELAXED) : 0;
}

void setLockState(Ref lock, uint32_t bits) {
  if (lock && (lockState(lock) & bits) != bits)
    __atomic_fetch_or(&static_cast<LockRecord *>(traceFile.at(lock))->state, bits, __ATOMIC_RELAXED);
}

void clearLockState(Ref lock, uint32_t bits) {
  if (lock && (lockState(lock) & bits) != 0)
    __atomic_fetch_and(&static_cast<LockRecord *>(traceFile.at(lock))->state, ~bits, __ATOMIC_RELAXED);
}

Ref identify(ThreadState *t, Object *o, LockTraits traits, CallPoint at, uint64_t key) {
  if (const Ref known = __atomic_load_n(&o->lock, __ATOMIC_ACQUIRE))
    return known;
  // Another thread may be here as well, with the same values.
  __atomic_store_n(&o->kind, traits.kind, __ATOMIC_RELAXED);
  __atomic_store_n(&o->flags, traits.flags, __ATOMIC_RELAXED);
  const Ref lock = writeLock(t, o->address, traits, contextAt(t, at, key), o->generation + 1);
  Ref none = kNoRef;
  if (!__atomic_compare_exchange_n(&o->lock, &none, lock, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
    setLockState(lock, kLockReplaced);
    return none; // another thread was faster
  }
  return lock;
}

Ref identifyInPlace(ThreadState *t, uint64_t *word, const void *address, LockTraits traits, CallPoint at,
                    uint64_t key) {
  uint64_t old = __atomic_load_n(word, __ATOMIC_ACQUIRE);
  Ref there;
  if (placedAtAll(address, old, there))
    return there;
  const Ref lock = writeLock(t, address, traits, contextAt(t, at, key), 0);
  if (!lock)
    return kNoRef;
  if (__atomic_compare_exchange_n(word, &old, identityWord(address, lock), false, __ATOMIC_ACQ_REL,
                                  __ATOMIC_ACQUIRE))
    return lock;
  setLockState(lock, kLockReplaced);
  return placedAtAll(address, old, there) ? there : kNoRef;
}

} // namespace gordian::runtime
