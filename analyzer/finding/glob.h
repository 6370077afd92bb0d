// SPDX-License-Identifier: MIT
//
// Globs as users write them for paths, functions and locks: `*` (crosses `/` and `::`), `?`, `[a-z]`,
// `{a,b}`. A path glob may name a folder for all that is in it; one that does not begin with `/` or `*` may
// begin at any folder: "third_party" is found in /home/me/src/third_party/zlib/gzread.c.
#ifndef GORDIAN_FINDING_GLOB_H
#define GORDIAN_FINDING_GLOB_H

#include "llvm/Support/Error.h"
#include "llvm/Support/GlobPattern.h"

#include <memory>
#include <string>
#include <vector>

namespace gordian {

class Glob {
public:
  static llvm::Expected<Glob> create(llvm::StringRef pattern) { return create({pattern.str()}, pattern); }
  static llvm::Expected<Glob> createForPath(llvm::StringRef pattern);
  bool match(llvm::StringRef s) const;

private:
  static llvm::Expected<Glob> create(std::vector<std::string> forms, llvm::StringRef pattern);

  std::shared_ptr<const std::vector<std::string>> text; // llvm::GlobPattern refers to what it was made from
  std::vector<llvm::GlobPattern> alternatives;
};

} // namespace gordian

#endif
