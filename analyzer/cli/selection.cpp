// SPDX-License-Identifier: MIT
//
// The words of --rule.
#include "cli/selection.h"

#include "finding/rules.h"

#include "llvm/ADT/STLExtras.h"

using namespace gordian;
using namespace gordian::cli;
using llvm::StringRef;

llvm::Expected<Selection> Selection::parse(const std::vector<std::string> &options) {
  Selection s;
  for (const std::string &option : options) {
    auto [id, value] = StringRef(option).split('=');
    if (!findRule(id)) {
      const Rule *near = nearestRule(id);
      return llvm::createStringError("no rule '" + id + "'" +
                                     (near ? llvm::Twine("; did you mean ") + near->id : "") +
                                     "; `gordian rules` lists them");
    }
    if (!StringRef(option).contains('=')) {
      s.only.insert(id.str());
      continue;
    }
    std::optional<Level> level = value == "off" ? Level::None : parseLevel(value);
    if (!level || value == "none")
      return llvm::createStringError("'" + value + "' is no level for " + id +
                                     "; it is off, note, warning or error");
    s.levels[id.str()] = *level;
  }
  return s;
}

bool Selection::wants(const std::string &rule) const {
  auto it = levels.find(rule);
  if (it != levels.end() && it->second == Level::None)
    return false;
  return only.empty() || only.count(rule) || it != levels.end();
}

void Selection::apply(std::vector<Finding> &findings) const {
  llvm::erase_if(findings, [&](const Finding &f) { return !wants(f.rule); });
  for (Finding &f : findings)
    if (auto it = levels.find(f.rule); it != levels.end() && !f.hint)
      f.level = it->second;
}
