// SPDX-License-Identifier: MIT
//
// All units of a build, lowered in parallel, each in a process of its own. What goes wrong with a unit is
// told once, by a notification, and counted against --max-failed-units; it never stops the others.
#ifndef GORDIAN_CLI_LOWERED_UNITS_H
#define GORDIAN_CLI_LOWERED_UNITS_H

#include "finding/finding.h"
#include "source/build/compile_database.h"
#include "source/ir/ir.h"

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

/// In the database's order. Failed units are told in `result`, which is unsuccessful where they are too many;
/// a unit that parses in part is among the units, one that does not end or crashes is not.
std::vector<ir::Unit> lowerAll(const build::CompileDatabase &database, const LoweringOptions &options,
                               Result &result);

} // namespace gordian::cli

#endif
