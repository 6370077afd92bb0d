// SPDX-License-Identifier: MIT
//
// Exclusion of findings by path: what the user names by --exclude, and by default code that the user did not
// write. A finding is excluded where every one of its operations stands in excluded files; one step in the
// user's code keeps it. Code without source (a stripped library) is not excluded.
//
// By default excluded: system headers and libraries; and below the project's folder the usual folder names of
// vendored code (third_party, vendor, _deps, ...). Errs: a user's own code in a folder of such a name is not
// reported (may miss; the count is told, and --no-default-excludes shows them).
#ifndef GORDIAN_FINDING_EXCLUSION_H
#define GORDIAN_FINDING_EXCLUSION_H

#include "finding/finding.h"
#include "finding/glob.h"

namespace gordian {

struct Exclusion {
  std::vector<Glob> globs;   // --exclude
  bool defaults = true;      // system and vendored code
  std::string projectFolder; // vendored folders are looked for below it
};

struct ExclusionCount {
  unsigned byGlob = 0, system = 0, vendored = 0;
};

bool isSystemPath(llvm::StringRef file);
bool isVendoredPath(llvm::StringRef file, llvm::StringRef projectFolder);

/// Removes what is excluded, and counts it.
ExclusionCount excludeFindings(std::vector<Finding> &findings, const Exclusion &exclusion);

} // namespace gordian

#endif
