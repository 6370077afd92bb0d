// SPDX-License-Identifier: MIT
//
// What stands in the four bytes before each function compiled by the wrappers: shared by the pass that puts
// it there and the predictor that looks for it.
#ifndef GORDIAN_INSTRUMENT_PASS_MARK_H
#define GORDIAN_INSTRUMENT_PASS_MARK_H

#include <cstdint>

namespace gordian {

constexpr uint32_t kInstrumentedMark = 0x6f0b9dc3;

/// Reading in front of a function at the start of a page may fault (code made at run time): it counts as not
/// marked.
inline bool isMarked(const void *function) {
  const auto address = reinterpret_cast<uintptr_t>(function);
  return (address & 4095) >= 4 && *reinterpret_cast<const uint32_t *>(address - 4) == kInstrumentedMark;
}

} // namespace gordian

#endif
