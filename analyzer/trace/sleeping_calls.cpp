// SPDX-License-Identifier: MIT
//
// See sleeping_calls.h.
#include "trace/sleeping_calls.h"

#include "trace/debug_types.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringRef.h"

using namespace llvm;

namespace gordian::trace {

namespace {

constexpr const char *kSleeps[] = {"sched_yield",     "pthread_yield",   "thrd_yield", "usleep",
                                   "sleep",           "nanosleep",       "thrd_sleep", "clock_nanosleep",
                                   "__gthread_yield", "std::this_thread"};

bool sleeps(DWARFDie function) {
  const std::string name = qualifiedName(function);
  return any_of(kSleeps, [&](StringRef s) {
    return name == s || (s.starts_with("std::") && StringRef(name).starts_with(s));
  });
}

void addCalls(DWARFDie scope, std::set<uint64_t> &found) {
  for (DWARFDie child : scope.children()) {
    switch (child.getTag()) {
    case dwarf::DW_TAG_call_site:
    case dwarf::DW_TAG_GNU_call_site: {
      DWARFDie callee = child.getAttributeValueAsReferencedDie(dwarf::DW_AT_call_origin);
      if (!callee)
        callee = child.getAttributeValueAsReferencedDie(dwarf::DW_AT_abstract_origin);
      std::optional<uint64_t> at = dwarf::toAddress(child.find(dwarf::DW_AT_call_return_pc));
      if (!at)
        at = dwarf::toAddress(child.find(dwarf::DW_AT_low_pc));
      if (callee && at && sleeps(callee))
        found.insert(*at);
      break;
    }
    case dwarf::DW_TAG_inlined_subroutine:
    case dwarf::DW_TAG_lexical_block:
      addCalls(child, found);
      break;
    default:
      break;
    }
  }
}

} // namespace

std::set<uint64_t> sleepingCalls(DWARFDie function) {
  std::set<uint64_t> found;
  addCalls(function, found);
  return found;
}

} // namespace gordian::trace
