// SPDX-License-Identifier: MIT
//
// The lines of source files, read once and kept, for excerpts and for suppressions in comments. A file that
// is absent, unreadable or binary has no lines; excerpts are then left out.
#ifndef GORDIAN_REPORT_SOURCES_H
#define GORDIAN_REPORT_SOURCES_H

#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/MemoryBuffer.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace gordian::report {

class Sources {
public:
  /// Line `number` (from 1) without its line end.
  std::optional<llvm::StringRef> line(llvm::StringRef file, unsigned number);
  /// 0 where the file cannot be read.
  unsigned lineCount(llvm::StringRef file);

private:
  struct File {
    std::unique_ptr<llvm::MemoryBuffer> buffer;
    std::vector<llvm::StringRef> lines;
  };
  const File &read(llvm::StringRef file);

  llvm::StringMap<File> files;
};

} // namespace gordian::report

#endif
