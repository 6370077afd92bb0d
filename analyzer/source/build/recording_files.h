// SPDX-License-Identifier: MIT
//
// A file system that notes what was asked of it: the files that were read and the hash of what they held, the
// places that were looked at and were a folder, a file or nothing, the folders that were listed. Together
// they are all that a front end's result depends on besides its command, so a later run that finds the same
// answers may take the same result (unit_cache.h). That something was *absent* matters as much as what was
// there: a header that appears earlier on the include path changes the unit.
#ifndef GORDIAN_SOURCE_BUILD_RECORDING_FILES_H
#define GORDIAN_SOURCE_BUILD_RECORDING_FILES_H

#include "llvm/Support/VirtualFileSystem.h"

#include <cstdint>
#include <map>
#include <string>

namespace gordian::build {

/// The answer to one question about a path; `hash` is of the content (Read) or of the sorted names (Listed).
struct FileAnswer {
  enum class Kind : uint8_t { Absent, File, Folder, Read, Listed };
  Kind kind = Kind::Absent;
  uint64_t hash = 0;
  bool operator==(const FileAnswer &) const = default;
};

/// By absolute path. A path that was both looked at and read is kept as read.
using FileAnswers = std::map<std::string, FileAnswer>;

/// What the file system says today to a question of this kind.
FileAnswer askAgain(const std::string &path, FileAnswer::Kind kind);

/// `answers` must outlive the file system.
llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem>
recordingFiles(llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> files, FileAnswers &answers);

} // namespace gordian::build

#endif
