// SPDX-License-Identifier: MIT
//
// Where things stand: Clang's locations as the lines that a reader sees, the files of a unit, and the macro
// that a piece of code came from.
//
// A location inside a macro's body is the line that names the macro; one inside a macro's argument is the
// argument's own line (RUN_LOCKED(\n  lock(&a)) is two lines, and the second is meant).
#ifndef GORDIAN_SOURCE_LOWER_SOURCE_PLACES_H
#define GORDIAN_SOURCE_LOWER_SOURCE_PLACES_H

#include "source/ir/ir.h"
#include "source/lower/clang_headers.h"

namespace gordian::lower {

class SourcePlaces {
public:
  SourcePlaces(const clang::ASTContext &ast, std::string root, ir::Unit &unit);

  ir::Loc loc(clang::SourceLocation location);
  /// The outermost macro whose body `location` is in, "" for none. Macros that `context` comes from as well
  /// do not count: in DEFINE_LOCK(x), which expands to "lock_t x = LOCK_INIT", the initialiser is from
  /// LOCK_INIT.
  std::string macro(clang::SourceLocation location, clang::SourceLocation context = {}) const;
  bool isSystem(clang::SourceLocation location) const;
  bool isSystem(const clang::Decl *decl) const { return isSystem(decl->getLocation()); }
  /// Path of the file for link keys: relative to the root where it lies below it.
  std::string keyFile(clang::SourceLocation location);
  std::string keyOfMainFile();
  /// Adds the user's files that were read, and reads the suppression comments in them.
  void addUserFiles();

private:
  ir::Id file(clang::FileID id);
  std::string absolutePath(clang::FileEntryRef entry) const;
  std::string relative(const std::string &path) const;

  const clang::SourceManager &sources;
  const clang::LangOptions &language;
  std::string root;
  ir::Unit &unit;
  llvm::DenseMap<clang::FileID, ir::Id> files;
  llvm::StringMap<ir::Id> filesByPath;
};

} // namespace gordian::lower

#endif
