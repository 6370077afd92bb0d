// SPDX-License-Identifier: MIT
//
// .gordian.yaml: what the tool cannot infer about a project. docs/configuration.md lists the keys.
#ifndef GORDIAN_CLI_CONFIG_H
#define GORDIAN_CLI_CONFIG_H

#include "cli/output_options.h"
#include "source/link/tables/row.h"

#include "llvm/Support/Error.h"

#include <string>
#include <vector>

namespace gordian::cli {

struct Config {
  std::string path;                      // "" none
  std::string text;                      // of the file
  std::vector<link::Row> rows;           // of `functions` and `locks`
  std::vector<std::string> rules;        // as --rule takes them
  std::vector<std::string> excludes;     // as --exclude
  std::vector<std::string> suppressions; // absolute

  /// The command line comes after it, and so wins.
  void addTo(OutputOptions &options) const;
};

/// The file `given`; where that is "", the nearest .gordian.yaml at or above `folder`, or an empty Config.
/// The error is one line with the place.
llvm::Expected<Config> readConfig(const std::string &given, const std::string &folder);

} // namespace gordian::cli

#endif
