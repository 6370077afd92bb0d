// SPDX-License-Identifier: MIT
//
// A thread's growing hash tables: keys are 64-bit hashes (0: free), nothing is ever removed. Used by the
// thread alone.
#ifndef GORDIAN_TRACE_NODE_TABLE_H
#define GORDIAN_TRACE_NODE_TABLE_H

#include "core/sys.h"
#include "trace/thread_state.h"

namespace gordian::runtime {

template <class Slot>
Slot *probe(Slot *slots, uint32_t capacity, uint64_t key) {
  uint32_t i = uint32_t((key * 0xd6e8feb86659fd93u) >> 32);
  for (;; i++) {
    Slot &s = slots[i & (capacity - 1)];
    if (s.key == key || s.key == 0)
      return &s;
  }
}

/// The key's slot, or null.
template <class Slot>
Slot *lookUp(GrowingTable<Slot> &table, uint64_t key) {
  if (table.capacity == 0)
    return nullptr;
  Slot *s = probe(table.slots, table.capacity, key);
  return s->key == key ? s : nullptr;
}

/// The key's slot, made where there is none. Null: out of memory.
template <class Slot>
Slot *lookUpOrAdd(GrowingTable<Slot> &table, uint64_t key) {
  if (table.used * 2 >= table.capacity) {
    const uint32_t capacity = table.capacity ? table.capacity * 2 : uint32_t(4096 / sizeof(Slot));
    auto *slots = static_cast<Slot *>(mapMemory(capacity * sizeof(Slot)));
    if (!slots)
      return nullptr;
    for (uint32_t i = 0; i < table.capacity; i++)
      if (table.slots[i].key)
        *probe(slots, capacity, table.slots[i].key) = table.slots[i];
    if (table.capacity)
      unmapMemory(table.slots, table.capacity * sizeof(Slot));
    table.slots = slots;
    table.capacity = capacity;
  }
  Slot *s = probe(table.slots, table.capacity, key);
  if (s->key == 0) {
    s->key = key;
    table.used++;
  }
  return s;
}

} // namespace gordian::runtime

#endif
