// SPDX-License-Identifier: MIT
//
// The page of a rule.
#include "finding/rules.h"
#include "report/embedded.h"

using namespace gordian;
using llvm::StringRef;

std::string report::rulePage(StringRef id) {
  for (const EmbeddedFile &page : rulePages())
    if (id == page.name)
      return page.text.str();
  const Rule *rule = findRule(id);
  if (!rule)
    return "";
  return std::string("# ") + rule->title + "\n\n" + rule->what + "\n\n## How to fix it\n\n" + rule->fix +
         "\n";
}
