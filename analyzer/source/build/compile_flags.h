// SPDX-License-Identifier: MIT
//
// Compile commands as they come in the wild, made fit for Clang: launchers before the compiler (ccache,
// distcc, env X=y), response files, cross compilers (their prefix becomes --target), flags that write files,
// and flags that only the GNU compiler knows (dropped_flags.def).
#ifndef GORDIAN_SOURCE_BUILD_COMPILE_FLAGS_H
#define GORDIAN_SOURCE_BUILD_COMPILE_FLAGS_H

#include "llvm/ADT/StringRef.h"

#include <string>
#include <vector>

namespace gordian::build {

/// Splits a command as a shell does (quotes and backslashes, no expansion).
std::vector<std::string> splitCommand(llvm::StringRef command);

/// Replaces @file words by the file's words. Names are relative to `directory`; what cannot be read stays.
std::vector<std::string> expandResponseFiles(std::vector<std::string> arguments, llvm::StringRef directory);

/// Takes launchers off the front.
std::vector<std::string> stripLaunchers(std::vector<std::string> arguments);

/// Removes what Clang must not see; `dropped` gets the GNU-only flags. Adds --target for a cross compiler.
std::vector<std::string> adaptFlags(const std::vector<std::string> &arguments,
                                    std::vector<std::string> &dropped);

/// The operand of the last -o, "" if there is none.
std::string outputOf(const std::vector<std::string> &arguments);

} // namespace gordian::build

#endif
