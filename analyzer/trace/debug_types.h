// SPDX-License-Identifier: MIT
//
// DWARF -> names of storage and of types. Used by symbolize.cpp only.
#ifndef GORDIAN_TRACE_DEBUG_TYPES_H
#define GORDIAN_TRACE_DEBUG_TYPES_H

#include "llvm/DebugInfo/DWARF/DWARFDie.h"

#include <cstdint>
#include <string>

namespace gordian::trace {

/// The name with its enclosing namespaces and classes: `ns::Cache`. Functions around a type or a static local
/// count too. Anonymous namespaces and lexical blocks are left out.
std::string qualifiedName(llvm::DWARFDie die);

/// A type as the source would say it: `std::mutex`, `pthread_mutex_t`, `Slot[4]`, `const Node *`.
std::string typeName(llvm::DWARFDie type);

/// Typedefs, const and volatile removed.
llvm::DWARFDie stripped(llvm::DWARFDie type);

/// stripped(), and one level of pointer or reference too.
llvm::DWARFDie pointee(llvm::DWARFDie type);

/// The path from a variable of type `type` to the member at byte `offset`, as text to append (`.locks[3]`),
/// with the innermost member that is still the user's: members of system types (`_M_mutex` in std::mutex) are
/// not entered.
struct MemberPath {
  std::string text;
  llvm::DWARFDie type;    // of what was reached
  llvm::DWARFDie member;  // the last DW_TAG_member on the way, invalid if none
  std::string memberName; // "Cache::m" of that member
};
MemberPath memberAt(llvm::DWARFDie type, uint64_t offset);

/// The member that `path` ("m", "inner.m", "slots[i].m") names in a class or its bases; invalid where the
/// class is only declared or has none of that name.
llvm::DWARFDie memberNamed(llvm::DWARFDie klass, llvm::StringRef path);

/// Where a DIE is declared; an empty file where it does not say.
std::string declaredFile(llvm::DWARFDie die);

} // namespace gordian::trace

#endif
