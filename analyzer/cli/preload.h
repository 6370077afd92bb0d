// SPDX-License-Identifier: MIT
//
// The environment in which a program is watched: LD_PRELOAD, GORDIAN_OPTIONS, TSAN_OPTIONS. What the user has
// set there is kept; what watching needs is put behind it, where it wins.
#ifndef GORDIAN_CLI_PRELOAD_H
#define GORDIAN_CLI_PRELOAD_H

#include "cli/target.h"

namespace gordian::cli {

struct Watching {
  std::string library;  // libgordian.so, under a name that LD_PRELOAD can hold
  std::string traceDir; // absolute
};

/// Finds libgordian.so beside this binary: ../lib/libgordian.so (or lib64, or the multiarch folder), in the
/// build as after installation. The error names where it was looked for.
llvm::Expected<Watching> prepareWatching(const std::string &traceDir);

/// The whole environment for the program, as "NAME=value".
std::vector<std::string> watchedEnvironment(const Watching &watching, const Target &target);

/// Prefix of the files that ThreadSanitizer writes (PREFIX.PID).
std::string tsanLogPrefix(const Watching &watching);

} // namespace gordian::cli

#endif
