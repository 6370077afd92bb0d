// SPDX-License-Identifier: MIT
//
// What a sub-command is. See commands.def for how to add one.
#ifndef GORDIAN_CLI_COMMAND_H
#define GORDIAN_CLI_COMMAND_H

#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/Twine.h"

#include <functional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace gordian::cli {

/// Exit statuses of all commands but `run`, which hands on its program's.
constexpr int kClean = 0, kFindings = 1, kFailed = 2;

/// Runs a command after its options were parsed; returns the exit status.
using Action = std::function<int()>;

/// The words behind "--", and whether there was one.
struct Tail {
  bool present = false;
  std::vector<std::string> words;
};

#define COMMAND(NAME, TAIL, HELP, EXAMPLE) Action NAME##Command(CLI::App &app, const Tail &tail);
#include "cli/commands.def"

/// One line on stderr, "gordian: error: ...", and the status to return: `return fail("cannot read x");`.
int fail(const llvm::Twine &message);

/// The command line as typed, quoted for a shell.
const std::string &commandLine();

/// The whole program's commands, for completions; the actions of the returned App are never run.
const CLI::App &rootApp();

} // namespace gordian::cli

#endif
