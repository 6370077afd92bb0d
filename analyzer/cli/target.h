// SPDX-License-Identifier: MIT
//
// The program that `gordian run` is to start: is it there, can it be started, and can a preloaded library
// watch it? Everything that would make the run silently untraced is told before anything is started.
#ifndef GORDIAN_CLI_TARGET_H
#define GORDIAN_CLI_TARGET_H

#include "llvm/Support/Error.h"

#include <string>
#include <vector>

namespace gordian::cli {

struct Target {
  std::string path; // what is executed
  std::vector<std::string>
      sanitizers;               // shared sanitizer runtimes it needs: these must be preloaded before ours
  bool threadSanitizer = false; // it, or the shared library it needs, is ThreadSanitizer's
};

/// `program` as a shell would look it up. The error says in one line what is wrong and what to do.
llvm::Expected<Target> findTarget(const std::string &program);

} // namespace gordian::cli

#endif
