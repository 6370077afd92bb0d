// SPDX-License-Identifier: MIT
#include "source/lower/source_places.h"

#include "source/lower/suppression_comments.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/xxhash.h"

using namespace clang;

namespace gordian::lower {

SourcePlaces::SourcePlaces(const ASTContext &ast, std::string rootFolder, ir::Unit &out)
    : sources(ast.getSourceManager()), language(ast.getLangOpts()), root(std::move(rootFolder)), unit(out) {}

std::string SourcePlaces::absolutePath(FileEntryRef entry) const {
  llvm::SmallString<256> path(entry.getName());
  sources.getFileManager().makeAbsolutePath(path);
  llvm::sys::path::remove_dots(path, /*remove_dot_dot=*/true);
  return std::string(path);
}

ir::Id SourcePlaces::file(FileID id) {
  auto [it, fresh] = files.try_emplace(id, ir::kNone);
  if (!fresh)
    return it->second;
  auto entry = sources.getFileEntryRefForID(id);
  std::string path = entry ? absolutePath(*entry) : std::string();
  auto [named, isNew] = filesByPath.try_emplace(path, ir::Id(unit.files.size()));
  if (isNew) {
    ir::File out;
    out.path = path;
    if (auto buffer = sources.getBufferDataOrNone(id))
      out.hash = llvm::utohexstr(llvm::xxh3_64bits(*buffer), /*LowerCase=*/true);
    out.isSystem =
        !entry || SrcMgr::isSystem(sources.getFileCharacteristic(sources.getLocForStartOfFile(id)));
    unit.files.push_back(std::move(out));
  }
  return it->second = named->second;
}

ir::Loc SourcePlaces::loc(SourceLocation location) {
  if (location.isInvalid())
    return {};
  auto [id, offset] = sources.getDecomposedLoc(sources.getFileLoc(location));
  if (id.isInvalid())
    return {};
  bool invalid = false;
  ir::Loc out;
  out.file = file(id);
  out.line = sources.getLineNumber(id, offset, &invalid);
  out.column = sources.getColumnNumber(id, offset, &invalid);
  return out;
}

std::string SourcePlaces::macro(SourceLocation location, SourceLocation context) const {
  if (!location.isMacroID())
    return "";
  llvm::SmallDenseSet<FileID, 4> shared;
  for (; context.isMacroID(); context = sources.getImmediateExpansionRange(context).getBegin())
    shared.insert(sources.getFileID(context));
  std::string name;
  while (location.isMacroID() && !shared.contains(sources.getFileID(location))) {
    if (sources.isMacroArgExpansion(location)) {
      location = sources.getImmediateSpellingLoc(location);
    } else {
      name = Lexer::getImmediateMacroName(location, sources, language).str();
      location = sources.getImmediateExpansionRange(location).getBegin();
    }
  }
  return name;
}

bool SourcePlaces::isSystem(SourceLocation location) const {
  if (location.isInvalid())
    return true;
  return sources.isInSystemHeader(sources.getExpansionLoc(location));
}

std::string SourcePlaces::relative(const std::string &path) const {
  llvm::StringRef rest(path);
  if (!root.empty() && rest.consume_front(root) && rest.consume_front("/"))
    return rest.str();
  return path;
}

std::string SourcePlaces::keyFile(SourceLocation location) {
  if (location.isInvalid())
    return "";
  ir::Id id = file(sources.getFileID(sources.getFileLoc(location)));
  return relative(unit.files[id].path);
}

std::string SourcePlaces::keyOfMainFile() {
  return relative(unit.files[file(sources.getMainFileID())].path);
}

void SourcePlaces::addUserFiles() {
  llvm::DenseSet<ir::Id> seen;
  for (unsigned i = 0, count = sources.local_sloc_entry_size(); i != count; ++i) {
    const SrcMgr::SLocEntry &entry = sources.getLocalSLocEntry(i);
    if (!entry.isFile() || SrcMgr::isSystem(entry.getFile().getFileCharacteristic()))
      continue;
    FileID id = sources.getFileID(SourceLocation::getFromRawEncoding(entry.getOffset()));
    if (!sources.getFileEntryRefForID(id))
      continue;
    ir::Id number = file(id);
    auto text = sources.getBufferDataOrNone(id);
    if (text && seen.insert(number).second) // a file may be included several times
      readSuppressionComments(*text, number, unit.suppressions);
  }
}

} // namespace gordian::lower
