// SPDX-License-Identifier: MIT
#include "trace/contexts.h"

#include "core/flags.h"
#include "core/futex_lock.h"
#include "core/modules.h"
#include "trace/interpreter.h"
#include "trace/writer.h"

#include <cstring>

namespace gordian::runtime {

using namespace gordian::trace;

constinit FutexLock contextsLock;

namespace {

struct Slot {
  uint64_t key;
  uint32_t ref;    // kNoRef while its finder is still writing the record
  uint32_t failed; // 1: there was no room for the record, and there will be none
};
constexpr uint64_t kHash = 0xd6e8feb86659fd93u;

constinit Slot *slots = nullptr;
constinit uint32_t mask = 0;
constinit uint32_t used = 0;

bool makeTable() {
  if (__atomic_load_n(&slots, __ATOMIC_ACQUIRE))
    return true;
  Locked locked(contextsLock);
  if (!locked)
    return false;
  if (!slots) {
    uint32_t capacity = 4096;
    while (capacity < options.contexts * 2 && capacity < (1u << 22))
      capacity *= 2;
    auto *memory = static_cast<Slot *>(mapMemory(capacity * sizeof(Slot)));
    if (!memory)
      return false;
    mask = capacity - 1;
    __atomic_store_n(&slots, memory, __ATOMIC_RELEASE);
  }
  return true;
}

/// The key's slot: found, or the free one where it belongs.
Slot *find(uint64_t key, bool &there) {
  for (uint32_t i = uint32_t((key * kHash) >> 32);; i++) {
    Slot &s = slots[i & mask];
    const uint64_t k = __atomic_load_n(&s.key, __ATOMIC_ACQUIRE);
    there = k == key;
    if (there || k == 0)
      return &s;
  }
}

/// Takes a slot for the key. Null: the table is as full as it may get. `mine`: this caller has to write the
/// record.
Slot *claim(uint64_t key, bool &mine) {
  mine = false;
  for (;;) {
    bool there;
    Slot *s = find(key, there);
    if (there)
      return s;
    if (__atomic_load_n(&used, __ATOMIC_RELAXED) >= mask / 2)
      return nullptr;
    uint64_t free = 0;
    if (__atomic_compare_exchange_n(&s->key, &free, key, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED)) {
      __atomic_fetch_add(&used, 1, __ATOMIC_RELAXED);
      mine = true;
      return s;
    }
  }
}

Ref writeContext(uint64_t key, const CallStack &stack, uint8_t extraFlags, Ref source) {
  auto *r = reserveRecord<ContextRecord>(0, stack.count * sizeof(uint64_t));
  if (!r)
    return kNoRef;
  r->frames = stack.count;
  r->source = source;
  r->generation = moduleGeneration();
  r->key = key;
  memcpy(r + 1, stack.pc, stack.count * sizeof(uint64_t));
  TraceFile::commit(
      r, RecordKind::Context,
      uint8_t(extraFlags | (stack.truncated ? kContextTruncated : 0) | (stack.broken ? kContextBroken : 0)));
  return traceFile.refOf(r);
}

Ref capture(ThreadState *t, CallPoint at, uint64_t key, Ref source) {
  CallStack &stack = t->scratch;
  stack.count = 0;
  stack.truncated = stack.broken = false;
  captureStack(at, t->stack, uint32_t(options.frames ? options.frames : 1), stack);
  // Modules that nobody announced become known (and recorded) here.
  for (unsigned i = 0; i < stack.count; i++)
    findModule(stack.pc[i]);
  return writeContext(key, stack, 0, source);
}

} // namespace

Ref contextOf(uint64_t key) {
  if (!__atomic_load_n(&slots, __ATOMIC_ACQUIRE))
    return kNoRef;
  bool there;
  Slot *s = find(key ? key : 1, there);
  return there ? __atomic_load_n(&s->ref, __ATOMIC_ACQUIRE) : kNoRef;
}

Ref contextAt(ThreadState *t, CallPoint at, uint64_t key) {
  return contextOfSource(t, at, key, nullptr, 0, nullptr);
}

Ref contextOfSource(ThreadState *t, CallPoint at, uint64_t key, const char *file, int line,
                    const char *function) {
  if (key == 0)
    key = 1;
  if (!makeTable())
    return kNoRef;
  bool mine;
  Slot *s = claim(key, mine);
  if (!s) {
    traceFile.drop(kDroppedContexts, kIncompleteContexts);
    return contextOfAddress(at.pc, key);
  }
  if (!mine) {
    const Ref ref = __atomic_load_n(&s->ref, __ATOMIC_ACQUIRE);
    // Another thread (or the operation that this signal handler interrupted) may be just writing it: a second
    // record does no harm.
    return ref || __atomic_load_n(&s->failed, __ATOMIC_RELAXED) ? ref : capture(t, at, key, kNoRef);
  }
  const Ref source = file ? writeSourceFrame(file, line, function) : interpreterStack(t);
  const Ref ref = capture(t, at, key, source);
  __atomic_store_n(&s->failed, ref == kNoRef, __ATOMIC_RELAXED);
  __atomic_store_n(&s->ref, ref, __ATOMIC_RELEASE);
  return ref;
}

Ref contextOfAddress(uintptr_t pc, uint64_t key) {
  CallStack one;
  one.count = 1;
  one.truncated = true;
  one.pc[0] = pc;
  return writeContext(key, one, kContextSite, kNoRef);
}

void forgetContexts() {
  used = 0;
  if (slots)
    clearMemory(slots, (size_t(mask) + 1) * sizeof(Slot));
}

} // namespace gordian::runtime
