// SPDX-License-Identifier: MIT
#include "core/call_site.h"

#include "core/unwind.h"

namespace gordian::runtime {

constinit uint64_t site::table[1u << site::kBits] = {};
constinit uint64_t site::paths[1u << site::kPathBits] = {};
constinit site::LongPath site::longPaths[1u << site::kLongPathBits] = {};

namespace {

/// Goes out from this function until `at` is the innermost frame. False: it was not met (no tables).
bool unwindTo(CallPoint at, Frame &frame) {
  constexpr unsigned kOwnFrames = 16;
  for (unsigned i = 0; i < kOwnFrames; i++) {
    if (!stepOut(frame))
      return false;
    if (frame.registers.pc == at.pc)
      return true;
  }
  return false;
}

#if defined(__x86_64__)

/// The entry of the address, or the free one where it belongs; null: no room.
uint64_t *findSite(uintptr_t pc) {
  const uint64_t hash = (pc * 0x9e3779b97f4a7c15u) >> (64 - site::kBits);
  for (unsigned i = 0; i < site::kProbes; i++) {
    uint64_t &entry = site::table[(hash + i) & ((1u << site::kBits) - 1)];
    const uint64_t value = __atomic_load_n(&entry, __ATOMIC_RELAXED);
    if (value == 0 || value >> 16 == pc)
      return &entry;
  }
  return nullptr;
}

/// The addresses of a key, with the places they were found at.
struct Trail {
  static constexpr unsigned kMax = kHops + kMaxSmall + 1;
  unsigned count = 0;
  uintptr_t pc[kMax];
  uintptr_t slot[kMax];
  void add(uintptr_t address, uintptr_t place) {
    pc[count] = address;
    slot[count++] = place;
  }
  uint64_t key() const {
    uint64_t key = 0;
    for (unsigned i = 0; i < count; i++)
      key = mixKey(key, pc[i]);
    return key;
  }
};

enum class Walked { Whole, Unknown };

/// By the table. Unknown: an address that is not in it (yet).
Walked walkByTable(CallPoint at, uintptr_t stackHigh, bool ownStack, Trail &trail) {
  trail.add(at.pc, at.cfa - sizeof(uintptr_t));
  unsigned hops = kHops, wrappers = kMaxSmall;
  for (;;) {
    const uint64_t *place = findSite(trail.pc[trail.count - 1]);
    if (!place)
      return Walked::Whole; // no room for this address: the key ends here, and unwinding again would not help
    const uint64_t entry = __atomic_load_n(place, __ATOMIC_RELAXED);
    if (entry == 0)
      return Walked::Unknown;
    if (entry & site::kEnd || hops == 0)
      return Walked::Whole;
    if (hops == kHops && (entry & site::kSmall) && wrappers > 0)
      wrappers--;
    else
      hops--;
    const uintptr_t slot = trail.slot[trail.count - 1] + sizeof(uintptr_t) + (entry & site::kDistance);
    if (slot >= stackHigh)
      return ownStack ? Walked::Unknown : Walked::Whole; // what lies there may not be read
    trail.add(*reinterpret_cast<const uintptr_t *>(slot), slot);
  }
}

/// Enters what an unwinding says of one address.
void learn(uintptr_t pc, uint64_t entry) {
  uint64_t *place = findSite(pc);
  if (!place)
    return;
  const uint64_t before = __atomic_load_n(place, __ATOMIC_RELAXED);
  // Another distance than before: it is no constant.
  if (before != 0 && (before & site::kDistance) != (entry & site::kDistance))
    entry |= site::kEnd;
  __atomic_store_n(place, entry | (before & site::kEnd), __ATOMIC_RELAXED);
}

void walkByUnwinding(CallPoint at, uintptr_t stackHigh) {
  Frame frame = {};
  frame.stackHigh = stackHigh;
  GORDIAN_CAPTURE(frame.registers);
  uintptr_t pc = at.pc, cfa = at.cfa;
  bool alive = unwindTo(at, frame);
  for (unsigned i = 0; i < Trail::kMax; i++) {
    uint64_t entry = uint64_t(pc) << 16;
    alive = alive && stepOut(frame);
    const uintptr_t distance = alive ? frame.slot - cfa : 0;
    if (alive && frame.functionSize && frame.functionSize <= kSmallFunction && frame.byFramePointer)
      entry |= site::kSmall;
    if (!alive || frame.slot < cfa || distance > site::kDistance || distance % 8 != 0)
      entry |= site::kEnd;
    else
      entry |= distance;
    learn(pc, entry);
    if (entry & site::kEnd)
      return;
    pc = frame.registers.pc;
    cfa = frame.slot + sizeof(uintptr_t);
  }
}

/// The word of a path for the trail's i-th address, 0: it does not fit.
uint64_t pathWord(const Trail &trail, unsigned i, uintptr_t from) {
  const uintptr_t distance = (trail.slot[i + 1] - from) / 8;
  return distance > 0xffff ? 0 : uint64_t(trail.pc[i]) << 16 | distance;
}

/// Where a path lies besides, by its first two addresses: several callers of one function take the path's
/// usual slot from each other.
size_t callerSlot(uint64_t both) {
  return (both * 0x9e3779b97f4a7c15u) >> (64 - site::kPathBits);
}

/// The key by such a path. The usual slot tells where the second address is, whoever the caller.
bool keyByCaller(CallPoint at, uintptr_t stackHigh, uint64_t &key) {
  const uint64_t pcKey = mixKey(0, at.pc);
  const uint64_t usual = __atomic_load_n(&site::paths[site::pathSlot(pcKey, at.cfa)], __ATOMIC_RELAXED);
  const auto *frames = reinterpret_cast<const uintptr_t *>(at.cfa);
  const uintptr_t *second = frames + ((usual >> 16) & 0xffff);
  if (reinterpret_cast<uintptr_t>(second) >= stackHigh)
    return false;
  const uint64_t both = mixKey(pcKey, *second);
  const uint64_t path = __atomic_load_n(&site::paths[callerSlot(both)], __ATOMIC_RELAXED);
  const uintptr_t *third = frames + (path & 0xffff);
  if ((both ^ path) >> 32 != 0 || frames + ((path >> 16) & 0xffff) != second ||
      reinterpret_cast<uintptr_t>(third) >= stackHigh)
    return false;
  key = mixKey(both, *third);
  return true;
}

void rememberPath(CallPoint at, uintptr_t stackHigh, const Trail &trail) {
  if (trail.count < kHops + 1)
    return;
  if (trail.count == kHops + 1) {
    const uint64_t pcKey = mixKey(0, at.pc), both = mixKey(pcKey, trail.pc[1]);
    const uint64_t second = (trail.slot[1] - at.cfa) / 8, third = (trail.slot[2] - at.cfa) / 8;
    if (third > 0xffff)
      return;
    const uint64_t word = (both >> 32) << 32 | second << 16 | third;
    __atomic_store_n(&site::paths[site::pathSlot(pcKey, at.cfa)], word, __ATOMIC_RELAXED);
    __atomic_store_n(&site::paths[callerSlot(both)], word, __ATOMIC_RELAXED);
    return;
  }
  uint64_t words[Trail::kMax] = {};
  for (unsigned i = 0; i + 1 < trail.count; i++) {
    words[i] = pathWord(trail, i, i == 0 ? at.cfa : trail.slot[i]);
    if (!words[i])
      return;
  }
  site::LongPath &path = site::longPaths[site::pathHash(at, stackHigh) >> (64 - site::kLongPathBits)];
  for (unsigned i = 0; i < trail.count; i++)
    __atomic_store_n(&path.words[i], words[i], __ATOMIC_RELAXED);
}

/// The key by a remembered path behind wrappers.
bool keyByLongPath(CallPoint at, uintptr_t stackHigh, uint64_t &key) {
  const site::LongPath &path = site::longPaths[site::pathHash(at, stackHigh) >> (64 - site::kLongPathBits)];
  uintptr_t pc = at.pc, slot = at.cfa;
  key = mixKey(0, pc);
  for (unsigned i = 0;; i++) {
    const uint64_t word = __atomic_load_n(&path.words[i], __ATOMIC_RELAXED);
    if (word == 0)
      return i > kHops;
    if (word >> 16 != pc)
      return false;
    slot += (word & 0xffff) * 8;
    if (slot >= stackHigh)
      return false;
    pc = *reinterpret_cast<const uintptr_t *>(slot);
    key = mixKey(key, pc);
  }
}

#endif

} // namespace

#if defined(__x86_64__)
__attribute__((noinline)) uint64_t learnCallKey(CallPoint at, const StackExtent &stack) {
  const uintptr_t stackHigh = readableEnd(at, stack);
  const bool ownStack = stackHigh == stack.high;
  uint64_t known;
  if (keyByCaller(at, stackHigh, known) || keyByLongPath(at, stackHigh, known))
    return known;
  Trail trail;
  if (walkByTable(at, stackHigh, ownStack, trail) == Walked::Unknown) {
    walkByUnwinding(at, stackHigh);
    trail = Trail();
    walkByTable(at, stackHigh, ownStack, trail);
  }
  rememberPath(at, stackHigh, trail);
  return trail.key();
}
#else
uint64_t learnCallKey(CallPoint at, const StackExtent &stack) {
  uint64_t key;
  knownCallKey(at, stack, key);
  return key;
}
#endif

__attribute__((noinline)) void captureStack(CallPoint at, const StackExtent &extent, unsigned limit,
                                            CallStack &stack) {
  Frame frame = {};
  frame.stackHigh = readableEnd(at, extent);
  GORDIAN_CAPTURE(frame.registers);
  if (limit > kMaxFrames)
    limit = kMaxFrames;
  stack.pc[0] = at.pc;
  stack.count = 1;
  if (!unwindTo(at, frame)) {
    stack.broken = true;
    return;
  }
  while (stepOut(frame)) {
    if (stack.count == limit) {
      stack.truncated = true;
      return;
    }
    stack.pc[stack.count++] = frame.registers.pc;
  }
  stack.broken = frame.registers.pc != 0;
}

} // namespace gordian::runtime
