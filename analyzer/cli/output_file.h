// SPDX-License-Identifier: MIT
//
// Writes a file so that it is either the old one or the new one, never half of it: a temporary file beside it
// is written, flushed, and renamed over it.
#ifndef GORDIAN_CLI_OUTPUT_FILE_H
#define GORDIAN_CLI_OUTPUT_FILE_H

#include "llvm/Support/Error.h"

#include <functional>

namespace llvm {
class raw_ostream;
}

namespace gordian::cli {

/// Writes to an open descriptor, which stays open; `name` is for the error.
llvm::Error writeStream(int fd, llvm::StringRef name, const std::function<void(llvm::raw_ostream &)> &write);

/// The error is one line that names the file. Devices and pipes (/dev/stdout, a FIFO) are written directly.
llvm::Error writeFile(llvm::StringRef path, const std::function<void(llvm::raw_ostream &)> &write);

} // namespace gordian::cli

#endif
