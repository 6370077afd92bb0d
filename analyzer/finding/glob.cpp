// SPDX-License-Identifier: MIT
//
// A path glob becomes up to four: as it stands and below any folder, each as a file and as a folder.
#include "finding/glob.h"

#include "llvm/ADT/STLExtras.h"

using namespace gordian;
using llvm::StringRef;

// More would be an exponential pattern, not a wish.
static constexpr size_t kMaxBraces = 64;

llvm::Expected<Glob> Glob::create(std::vector<std::string> forms, StringRef pattern) {
  Glob glob;
  glob.text = std::make_shared<const std::vector<std::string>>(std::move(forms));
  for (const std::string &form : *glob.text) {
    llvm::Expected<llvm::GlobPattern> g = llvm::GlobPattern::create(form, kMaxBraces);
    if (!g)
      return llvm::createStringError("bad glob '%s': %s", pattern.str().c_str(),
                                     llvm::toString(g.takeError()).c_str());
    glob.alternatives.push_back(std::move(*g));
  }
  return glob;
}

llvm::Expected<Glob> Glob::createForPath(StringRef pattern) {
  StringRef path = pattern;
  path.consume_front("./");
  std::string file = path.str(), below = (path.rtrim('/') + "/*").str();
  std::vector<std::string> forms = {file, below};
  if (!path.starts_with("/") && !path.starts_with("*"))
    forms.insert(forms.end(), {"*/" + file, "*/" + below});
  return create(std::move(forms), pattern);
}

bool Glob::match(StringRef s) const {
  return llvm::any_of(alternatives, [&](const llvm::GlobPattern &g) { return g.match(s); });
}
