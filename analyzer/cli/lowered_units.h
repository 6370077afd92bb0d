// SPDX-License-Identifier: MIT
//
// All units of a build, lowered in parallel, each in a process of its own. What goes wrong with a unit is
// told once, by a notification, and counted against --max-failed-units; it never stops the others.
#ifndef GORDIAN_CLI_LOWERED_UNITS_H
#define GORDIAN_CLI_LOWERED_UNITS_H

#include "finding/finding.h"
#include "source/build/compile_database.h"
#include "source/build/unit_cache.h"
#include "source/build/unit_jobs.h"
#include "source/ir/ir.h"

#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace gordian::cli {

struct LoweringOptions {
  unsigned jobs = 0;                // 0: one for each processor
  unsigned unitTimeout = 120;       // seconds
  std::string maxFailedUnits = "0"; // a number, or a share with "%"
  std::string lowered;              // folder that the lowered units are written to, "" none
  std::string cache;                // folder of the units of earlier runs, "": the user's
  bool noCache = false, stats = false;

  void addTo(CLI::App &app);
  /// Whether so many failures of so many units are more than allowed.
  bool tooMany(size_t failed, size_t total) const;
  unsigned parallel() const;
};

/// The units that the cache has, and those that were lowered now.
class LoweredUnits {
public:
  /// Both must live as long. What keeps the cache from being used is told in `result`.
  LoweredUnits(const build::CompileDatabase &database, const LoweringOptions &options, Result &result);

  /// What an earlier run has found in the same units, if it was asked the same `question`.
  std::optional<Result> recall(const std::string &question);
  /// Keeps what was found, with all that read() has told, for recall().
  void remember(const std::string &question, const Result &found) const;

  /// In the database's order; once. Failed units are told in `result`, which is unsuccessful where they are
  /// too many; a unit that parses in part is among the units, one that does not end or crashes is not.
  std::vector<ir::Unit> read(Result &result);

private:
  bool recallUnit(size_t i);
  std::string lowerOne(size_t i) const;
  void lowerMissing();
  void makeKey();

  const build::CompileDatabase &database;
  const LoweringOptions &options;
  build::UnitCache cache;
  std::vector<std::string> keys;         // by command
  std::vector<build::JobResult> results; // by command
  std::vector<size_t> missing;           // commands
  std::string all;                       // tells these units from all others; "": they are not known
};

} // namespace gordian::cli

#endif
