// SPDX-License-Identifier: MIT
//
// Which paths are the user's.
#include "finding/exclusion.h"

#include "finding/fingerprint.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringRef.h"

using namespace gordian;
using llvm::StringRef;

static constexpr StringRef kSystemFolders[] = {
    "/usr/include/", "/usr/lib/", "/usr/lib64/", "/usr/local/include/",
    "/usr/share/",   "/lib/",     "/lib64/",     "/nix/store/",
    "/usr/src/",     "/opt/rh/",  "/snap/",      "/build/glibc",
    "../sysdeps/",   "./nptl/",   "./malloc/",   "./stdlib/"};

static constexpr StringRef kVendoredFolders[] = {
    "third_party", "third-party", "thirdparty", "3rdparty", "3rd_party",   "vendor",       "vendored",
    "extern",      "external",    "externals",  "_deps",    "subprojects", "node_modules", "contrib-libs"};

bool gordian::isSystemPath(StringRef file) {
  return llvm::any_of(kSystemFolders, [&](StringRef folder) { return file.starts_with(folder); });
}

bool gordian::isVendoredPath(StringRef file, StringRef projectFolder) {
  if (projectFolder.empty() || !file.consume_front(projectFolder.rtrim('/')) || !file.consume_front("/"))
    return false;
  while (!file.empty()) {
    auto [folder, rest] = file.split('/');
    if (!rest.empty() && llvm::is_contained(kVendoredFolders, folder))
      return true;
    file = rest;
  }
  return false;
}

namespace {
enum class Why { None, Glob, System, Vendored };
} // namespace

static Why whyExcluded(const std::string &file, const Exclusion &e) {
  if (llvm::any_of(e.globs, [&](const Glob &g) { return g.match(file); }))
    return Why::Glob;
  if (e.defaults && isSystemPath(file))
    return Why::System;
  if (e.defaults && isVendoredPath(file, e.projectFolder))
    return Why::Vendored;
  return Why::None;
}

static Why whyExcluded(const Finding &f, const Exclusion &e) {
  Why why = Why::None;
  bool first = true;
  auto kept = [&](const Location &at) {
    if (!at.known())
      return false;
    Why w = whyExcluded(at.file, e);
    if (first)
      why = w;
    first = false;
    return w == Why::None;
  };
  for (const Participant &p : f.participants)
    for (const Step &s : p.steps)
      if (isOperation(s.kind) && kept(s.location))
        return Why::None;
  return kept(f.location) ? Why::None : why;
}

ExclusionCount gordian::excludeFindings(std::vector<Finding> &findings, const Exclusion &exclusion) {
  ExclusionCount count;
  llvm::erase_if(findings, [&](const Finding &f) {
    switch (whyExcluded(f, exclusion)) {
    case Why::None:
      return false;
    case Why::Glob:
      ++count.byGlob;
      break;
    case Why::System:
      ++count.system;
      break;
    case Why::Vendored:
      ++count.vendored;
      break;
    }
    return true;
  });
  return count;
}
