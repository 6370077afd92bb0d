// SPDX-License-Identifier: MIT
//
// See debug_files.h.
#include "trace/debug_files.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Object/BuildID.h"
#include "llvm/Object/ELFObjectFile.h"
#include "llvm/Object/ObjectFile.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

namespace gordian::trace {

namespace {

using llvm::object::ObjectFile;

struct ObjectFacts {
  std::string buildId;
  std::string debugLink;
  bool debugInfo = false;
};

/// What findDebugFiles needs to know of one file; nothing where it is no readable object.
std::optional<ObjectFacts> examine(const std::string &path) {
  auto object = ObjectFile::createObjectFile(path);
  if (!object) {
    llvm::consumeError(object.takeError());
    return std::nullopt;
  }
  ObjectFacts facts;
  facts.buildId = llvm::toHex(llvm::object::getBuildID(object->getBinary()), /*LowerCase=*/true);
  for (const llvm::object::SectionRef &section : object->getBinary()->sections()) {
    llvm::Expected<llvm::StringRef> name = section.getName();
    if (!name) {
      llvm::consumeError(name.takeError());
      continue;
    }
    facts.debugInfo |= *name == ".debug_info" || *name == ".zdebug_info";
    if (*name != ".gnu_debuglink")
      continue;
    llvm::Expected<llvm::StringRef> contents = section.getContents();
    if (contents)
      facts.debugLink = contents->take_until([](char c) { return c == 0; }).str();
    else
      llvm::consumeError(contents.takeError());
  }
  return facts;
}

/// Is `path` a file with debug information of the build `buildId` (any build where that is unknown)?
bool holdsDebugInfo(const std::string &path, const std::string &buildId) {
  if (!llvm::sys::fs::exists(path))
    return false;
  std::optional<ObjectFacts> facts = examine(path);
  return facts && facts->debugInfo && (buildId.empty() || facts->buildId == buildId);
}

std::string byBuildId(const std::string &buildId) {
  if (buildId.size() < 4)
    return "";
  std::string path = "/usr/lib/debug/.build-id/" + buildId.substr(0, 2) + "/" + buildId.substr(2) + ".debug";
  return holdsDebugInfo(path, buildId) ? path : "";
}

std::string byDebugLink(const std::string &binary, const ObjectFacts &facts) {
  if (facts.debugLink.empty())
    return "";
  std::string folder = llvm::sys::path::parent_path(binary).str();
  for (const std::string &place : {folder, folder + "/.debug", "/usr/lib/debug" + folder}) {
    std::string path = place + "/" + facts.debugLink;
    if (path != binary && holdsDebugInfo(path, facts.buildId))
      return path;
  }
  return "";
}

} // namespace

DebugFiles findDebugFiles(const ModuleFile &module) {
  DebugFiles files;
  std::optional<ObjectFacts> facts = examine(module.path);
  if (facts && !module.buildId.empty() && facts->buildId != module.buildId) {
    files.changed = true;
    facts.reset();
  }
  if (facts)
    files.binary = module.path;
  if (facts && facts->debugInfo)
    files.debug = module.path;
  else if (std::string found = byBuildId(module.buildId); !found.empty())
    files.debug = found;
  else if (facts)
    files.debug = byDebugLink(module.path, *facts);
  return files;
}

} // namespace gordian::trace
