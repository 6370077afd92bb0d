// SPDX-License-Identifier: MIT
//
// Lowered units -> facts. The one entrance of the link:
//   1. join the units into one program (program/)
//   2. who calls whom: virtual calls, function pointers, callables (callgraph/)
//   3. what each function does to locks, callees first (summary/)
//   4. who calls it and from which threads, callers first; facts (facts/)
// docs/static-analysis.md tells how, and which way each step errs.
#ifndef GORDIAN_SOURCE_LINK_LINK_H
#define GORDIAN_SOURCE_LINK_LINK_H

#include "facts/facts.h"
#include "source/ir/ir.h"
#include "source/link/tables/row.h"

#include <vector>

namespace gordian::link {

struct LinkOptions {
  std::vector<Row> rows; // the user's lock functions and types; they come before the built-in ones
  unsigned jobs = 1;
};

facts::Facts linkUnits(std::vector<ir::Unit> units, const LinkOptions &options = {});

} // namespace gordian::link

#endif
