// SPDX-License-Identifier: MIT
//
// Traces (and the logs of ThreadSanitizer beside them) -> findings: what `run` and `report` have in common.
#ifndef GORDIAN_CLI_TRACE_RESULT_H
#define GORDIAN_CLI_TRACE_RESULT_H

#include "cli/output_options.h"
#include "trace/watch.h"

namespace gordian::cli {

struct TraceInputs {
  std::vector<std::string> traces;
  std::vector<std::string> tsanLogs;
  std::vector<trace::SharedCycle> shared; // deadlocks across processes, seen while they ran
};

/// Unreadable files make the result unsuccessful and are named in it; the others are reported all the same.
Result resultOf(const TraceInputs &inputs, const OutputOptions &options);

} // namespace gordian::cli

#endif
