// SPDX-License-Identifier: MIT
//
// Function names as people write them: `Cache::store` for what the demangler spells
// `void Cache::store<int>(Index&, int) const (.isra.0)`. Parameters, return types, qualifiers and the
// suffixes of compiler clones go; template arguments stay, since they tell instances apart; lambdas read
// `main::{lambda}`.
#ifndef GORDIAN_TRACE_FUNCTION_NAME_H
#define GORDIAN_TRACE_FUNCTION_NAME_H

#include <string>
#include <string_view>

namespace gordian::trace {

/// A demangled name in short form; a plain C name is returned as it is.
std::string shortFunctionName(std::string_view demangled);

/// The last component of a qualified short name: `store` for `ns::Cache<int>::store`.
std::string_view lastComponent(std::string_view name);

/// Is this `X::X`, a constructor?
bool isConstructorName(std::string_view name);

} // namespace gordian::trace

#endif
