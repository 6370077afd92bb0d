// SPDX-License-Identifier: MIT
//
// --rule: which rules are on, and at which level.
//
//   --rule ID          only the rules named so are on
//   --rule ID=LEVEL    its findings have this level (off, note, warning, error)
//
// The last one for a rule counts. Hints (--notes) stay hints: a level speaks of findings.
#ifndef GORDIAN_CLI_SELECTION_H
#define GORDIAN_CLI_SELECTION_H

#include "finding/finding.h"

#include "llvm/Support/Error.h"

#include <map>
#include <optional>
#include <set>

namespace gordian::cli {

class Selection {
public:
  static llvm::Expected<Selection> parse(const std::vector<std::string> &options);

  bool wants(const std::string &rule) const;

  /// Drops what is off and sets levels.
  void apply(std::vector<Finding> &findings) const;

private:
  std::set<std::string> only;
  std::map<std::string, Level> levels; // None: off
};

} // namespace gordian::cli

#endif
