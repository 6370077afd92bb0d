// SPDX-License-Identifier: MIT
//
// Which call is this? A key for the calling context of a hook, cheap enough to be computed at every
// acquisition.
//
// The return address alone is no answer: behind a wrapper, in unoptimised code (std::mutex::lock calls
// __gthread_mutex_lock) and under ThreadSanitizer it is one constant. So the key is made of three return
// addresses: the hook's own, its caller's, and the next one. Innermost wrappers of unoptimised code
// (functions of at most kSmallFunction bytes that keep a frame pointer) are walked through besides, so that
// the three include the first function that is none.
//
// No unwinding for that: where a function keeps its return address, relative to the frame of what it called,
// is a constant for each return address inside it. It is learnt once by a real unwinding and kept in a table
// (site::table), so that a known stack is walked by one probe and one load for each frame. On top of that,
// caches of whole paths give all addresses of a key by one probe and loads that do not wait for each other:
// site::paths for the usual two further addresses, site::longPaths behind wrappers. Each word of them is true
// by itself, and an address found must be the expected one; so entries are written without a lock.
//
// Where a distance is not constant after all (alloca), the load brings no known return address. Then the
// stack is unwound again, the distance seen to differ, and the site marked as one that cannot be walked: its
// contexts end there (may merge contexts, never invents one).
#ifndef GORDIAN_CORE_CALL_SITE_H
#define GORDIAN_CORE_CALL_SITE_H

#include "core/local.h"

#include <cstddef>
#include <cstdint>

namespace gordian::runtime {

constexpr unsigned kMaxFrames = 128;
constexpr uint32_t kSmallFunction = 160;
constexpr unsigned kHops = 2;     // callers in the key
constexpr unsigned kMaxSmall = 4; // wrappers that are walked through besides

/// Where a hook was called from. Two words, so that it travels in registers.
struct CallPoint {
  uintptr_t pc;  // return address
  uintptr_t cfa; // stack address just above the return address (the caller's stack pointer after the call)
};

/// In a hook's body: its own caller. Elsewhere than on x86-64, `cfa` is the frame record and callers follow
/// the chain of those.
#if defined(__x86_64__)
#define GORDIAN_CALL_POINT()                                                                                 \
  (::gordian::runtime::CallPoint{reinterpret_cast<uintptr_t>(__builtin_return_address(0)),                   \
                                 reinterpret_cast<uintptr_t>(__builtin_dwarf_cfa())})
#else
#define GORDIAN_CALL_POINT()                                                                                 \
  (::gordian::runtime::CallPoint{reinterpret_cast<uintptr_t>(__builtin_return_address(0)),                   \
                                 reinterpret_cast<uintptr_t>(__builtin_frame_address(0))})
#endif

/// Memory that is certainly the calling thread's stack. A frame outside lies on a stack of the program's own
/// (a coroutine's, a signal handler's): there, only the page that the frame begins in is sure to be readable.
struct StackExtent {
  uintptr_t low, high;
};
inline uintptr_t readableEnd(CallPoint at, const StackExtent &stack) {
  constexpr uintptr_t kPage = 4096;
  return at.cfa >= stack.low && at.cfa < stack.high ? stack.high : ((at.cfa - 1) | (kPage - 1)) + 1;
}

/// A captured call stack, innermost first, starting with the call point's return address.
struct CallStack {
  unsigned count = 0;
  bool truncated = false; // more frames existed
  bool broken = false;    // unwinding ended early
  uintptr_t pc[kMaxFrames];
};

/// Order matters; the multiplications of several steps do not wait for each other. Not avalanched: hash
/// before use.
inline uint64_t mixKey(uint64_t key, uint64_t value) {
  return ((key << 21) | (key >> 43)) + value * 0x9e3779b97f4a7c15u;
}
namespace site {
/// One word for each known return address: address << 16 | distance / 8 << 3 | flags.
constexpr unsigned kBits = 14;
constexpr unsigned kProbes = 8;
constexpr uint64_t kSmall = 1; // in a wrapper
constexpr uint64_t kEnd = 2;   // its caller cannot be read
constexpr uint64_t kDistance = 0xfff8;
GORDIAN_LOCAL extern uint64_t table[1u << kBits];

/// A path of two further addresses, in one word: upper half of the key of the first two addresses, distance /
/// 8 from the call point to the place of the second address, and to that of the third. The key tells that
/// both distances are those of the addresses that stand there.
constexpr unsigned kPathBits = 12;
GORDIAN_LOCAL extern uint64_t paths[1u << kPathBits];

/// Callers are told apart by where in a page the frame lies: mostly the same in all threads.
inline size_t pathSlot(uint64_t pcKey, uintptr_t cfa) {
  return (pcKey + (uint64_t(cfa) << 52)) >> (64 - kPathBits);
}

/// Paths behind wrappers: {address << 16 | distance / 8 to the place of the next one}, ended by 0.
struct LongPath {
  uint64_t words[8];
};
constexpr unsigned kLongPathBits = 9;
GORDIAN_LOCAL extern LongPath longPaths[1u << kLongPathBits];
static_assert(kHops + kMaxSmall < 8);

/// The depth of the stack tells callers apart, mostly.
inline uint64_t pathHash(CallPoint at, uintptr_t stackHigh) {
  return (at.pc + ((stackHigh - at.cfa) << 20)) * 0x9e3779b97f4a7c15u;
}
} // namespace site

/// The slow way: walks by the table, and learns what is missing. Never fails: in the worst case the key
/// covers the return address only.
uint64_t learnCallKey(CallPoint at, const StackExtent &stack);

/// False: learnCallKey has to be asked.
inline __attribute__((always_inline)) bool knownCallKey(CallPoint at, const StackExtent &stack,
                                                        uint64_t &key) {
#if defined(__x86_64__)
  const uint64_t pcKey = mixKey(0, at.pc);
  const uint64_t path = __atomic_load_n(&site::paths[site::pathSlot(pcKey, at.cfa)], __ATOMIC_RELAXED);
  const auto *frames = reinterpret_cast<const uintptr_t *>(at.cfa);
  const uintptr_t *third = frames + (path & 0xffff);
  if (__builtin_expect(reinterpret_cast<uintptr_t>(third) >= stack.high, 0) ||
      __builtin_expect(at.cfa < stack.low, 0))
    return false;
  const uint64_t both = mixKey(pcKey, frames[(path >> 16) & 0xffff]);
  key = mixKey(both, *third);
  return __builtin_expect((both ^ path) >> 32 == 0, 1);
#else
  key = mixKey(0, at.pc);
  const auto *frame = reinterpret_cast<const uintptr_t *>(at.cfa);
  for (unsigned i = 0; i < kHops; i++) {
    const uintptr_t next = frame[0];
    if (next <= reinterpret_cast<uintptr_t>(frame) || next + 16 > readableEnd(at, stack) || next % 8 != 0)
      break;
    frame = reinterpret_cast<const uintptr_t *>(next);
    key = mixKey(key, frame[1]);
  }
  return true;
#endif
}

inline uint64_t callKey(CallPoint at, const StackExtent &stack) {
  uint64_t key;
  return knownCallKey(at, stack, key) ? key : learnCallKey(at, stack);
}

/// Unwinds from here to the thread's start and keeps the frames from `at` on, at most `limit`.
void captureStack(CallPoint at, const StackExtent &extent, unsigned limit, CallStack &stack);

} // namespace gordian::runtime

#endif
