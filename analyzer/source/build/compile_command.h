// SPDX-License-Identifier: MIT
//
// One compilation: what a row of compile_commands.json says, made absolute and cleared of what is not the
// compiler's. Shared by the reader of such files and by the lowering, which runs Clang on it.
#ifndef GORDIAN_SOURCE_BUILD_COMPILE_COMMAND_H
#define GORDIAN_SOURCE_BUILD_COMPILE_COMMAND_H

#include <string>
#include <vector>

namespace gordian::build {

struct CompileCommand {
  std::string directory; // absolute: relative names in `arguments` start here
  std::string file;      // absolute, normalised
  std::string output;    // absolute, "" unknown
  std::string target;    // the program or library that it goes into, as far as the output tells; or ""
  std::vector<std::string> arguments; // arguments[0] is the compiler; the source file is among them
};

} // namespace gordian::build

#endif
