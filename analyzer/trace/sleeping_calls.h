// SPDX-License-Identifier: MIT
//
// Calls that do nothing but let time pass.
#ifndef GORDIAN_TRACE_SLEEPING_CALLS_H
#define GORDIAN_TRACE_SLEEPING_CALLS_H

#include "llvm/DebugInfo/DWARF/DWARFDie.h"

#include <cstdint>
#include <set>

namespace gordian::trace {

/// In the function and what is inlined into it: where such calls return to.
std::set<uint64_t> sleepingCalls(llvm::DWARFDie function);

} // namespace gordian::trace

#endif
