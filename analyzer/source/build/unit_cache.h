// SPDX-License-Identifier: MIT
//
// Lowered units of earlier runs, on disk.
//
//   key      hash of: the tool itself, the command (folder, words), the environment that Clang reads, the
//   root
//            that names are relative to, and what the source file holds
//   entry    the answers that the file system gave while the unit was read (recording_files.h), then the unit
//
// An entry counts only while the file system still gives every one of these answers, so an edited header, a
// new one earlier on the include path, another compiler version or another set of flags all lead to a new
// unit. Answers are asked for once in a run, however many units depend on them.
//
// What a link has found in the units is kept beside them (cli/known_results.h), as an entry without answers.
//
// Nothing here may make a run fail: an entry that is damaged or of another layout is no entry, and a folder
// that cannot be written costs the time that it would have saved. Entries are written beside their name and
// moved over it, so that any number of runs may share the folder.
#ifndef GORDIAN_SOURCE_BUILD_UNIT_CACHE_H
#define GORDIAN_SOURCE_BUILD_UNIT_CACHE_H

#include "source/build/compile_command.h"
#include "source/build/recording_files.h"

#include "llvm/ADT/StringMap.h"

#include <optional>
#include <string>

namespace gordian::build {

class UnitCache {
public:
  /// `folder` "": no cache. `tool` is all that tells this build of the tool from another.
  UnitCache(std::string where, std::string identity) : folder(std::move(where)), tool(std::move(identity)) {}

  bool enabled() const { return !folder.empty(); }
  /// Makes the folder; what keeps it from being used is returned, and it is not used then.
  std::string open();

  std::string key(const CompileCommand &command, const std::string &root) const;
  /// Of what depends on nothing but this text and the tool.
  std::string keyOf(llvm::StringRef text) const;
  /// The unit's bytes, where an entry still holds.
  std::optional<std::string> find(const std::string &key);
  /// False where it could not be written.
  bool store(const std::string &key, const FileAnswers &answers, const std::string &unit) const;
  /// Removes the entries that were not used for longest, until the folder is no larger than `most` bytes.
  void trim(uint64_t most) const;

private:
  bool holds(const std::string &path, const FileAnswer &then);
  std::string pathOf(const std::string &key) const;

  std::string folder, tool;
  llvm::StringMap<FileAnswer> today[size_t(FileAnswer::Kind::Listed) + 1]; // by kind of question
};

/// $GORDIAN_CACHE, else gordian below $XDG_CACHE_HOME or ~/.cache; "" where there is no home.
std::string defaultCacheFolder();

/// A hash of the running program's own file and of `more`.
std::string toolIdentity(const std::string &more);

} // namespace gordian::build

#endif
