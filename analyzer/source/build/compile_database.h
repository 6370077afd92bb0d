// SPDX-License-Identifier: MIT
//
// compile_commands.json: where it is found, what it says, and which of its rows were asked for.
//
// Several rows for one file are several compilations (a debug and a release build, a host and a device) and
// are all kept; rows that are equal in every flag are one. Rows that are not C or C++ (assembler, Fortran)
// are left out and counted.
#ifndef GORDIAN_SOURCE_BUILD_COMPILE_DATABASE_H
#define GORDIAN_SOURCE_BUILD_COMPILE_DATABASE_H

#include "source/build/compile_command.h"

#include "llvm/Support/Error.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace gordian::build {

struct CompileDatabase {
  std::string path;                        // of the file; "" where there is none
  std::string root;                        // the deepest folder that holds all sources, chosen or not
  std::vector<CompileCommand> commands;    // in the file's order
  std::map<std::string, unsigned> dropped; // flags that Clang does not know: how often
  unsigned otherLanguages = 0;
};

/// `path` is the file or a folder that holds it.
llvm::Expected<CompileDatabase> readCompileDatabase(const std::string &path);

/// The nearest compile_commands.json at or above `folder` (also in a `build` folder there); nullopt: none.
std::optional<std::string> findCompileDatabase(const std::string &folder);

/// Keeps the commands of `sources` (files or folders; relative names start in the working folder). One that
/// no command compiles is an error.
llvm::Error selectSources(CompileDatabase &database, const std::vector<std::string> &sources);

/// Commands for `sources` without a database.
llvm::Expected<CompileDatabase> commandsFor(const std::vector<std::string> &sources,
                                            const std::vector<std::string> &flags);

/// The deepest folder that holds all sources.
std::string commonFolder(const std::vector<CompileCommand> &commands);

} // namespace gordian::build

#endif
