// SPDX-License-Identifier: MIT
//
// The options that all commands share that end in findings (check, link, run, report), and the one function
// that they end in: emit().
#ifndef GORDIAN_CLI_OUTPUT_OPTIONS_H
#define GORDIAN_CLI_OUTPUT_OPTIONS_H

#include "finding/finding.h"

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace gordian::cli {

struct OutputOptions {
  // As given on the command line; checked when parsed.
  std::vector<std::string> formats, outputs, rules, excludes, suppressions;
  std::string baseline;
  std::string failOn = "warning"; // error, warning, note, never
  std::string colour = "auto";    // auto, always, never
  bool notes = false, explainRanking = false, noDefaultExcludes = false;

  // Set by the command.
  bool consoleIsStderr = false; // `run`: stdout belongs to the program
  std::string projectFolder;    // vendored code is looked for below it; "": the result's working folder

  /// Adds the options to `app`. The object must outlive the parsing.
  void addTo(CLI::App &app);

  /// False where --rule switches the rule off: its check need not run.
  bool wants(const std::string &rule) const;
};

/// Merges, selects, suppresses, compares with the baseline, sorts and writes `result` in every format asked
/// for. Returns 0, 1 (findings that count for --fail-on) or 2 (the result is not successful, or an output
/// could not be written: then one line says which, and the others are written all the same). `found` gets
/// whether there are findings that count, whatever became of the outputs.
int emit(Result result, const OutputOptions &options, bool *found = nullptr);

} // namespace gordian::cli

#endif
