// SPDX-License-Identifier: MIT
//
// How reports spell paths: relative to the working folder where a file lies below it, else in full.
#ifndef GORDIAN_REPORT_PATHS_H
#define GORDIAN_REPORT_PATHS_H

#include "llvm/ADT/StringRef.h"

#include <string>

namespace gordian::report {

/// The rest of `file` below `folder` ("" is never below); `file` where it lies elsewhere.
llvm::StringRef relativeTo(llvm::StringRef file, llvm::StringRef folder);

/// The working folder of this process; "" where it is gone.
std::string currentFolder();

/// A relative or absolute (file://) URI of a path, percent-encoded; and back.
std::string toUri(llvm::StringRef path);
std::string fromUri(llvm::StringRef uri);

} // namespace gordian::report

#endif
