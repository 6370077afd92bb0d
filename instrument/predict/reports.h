// SPDX-License-Identifier: MIT
//
// From suspicion to report. A suspicion whose accesses share a lock is none; the others are put to the
// engine, a limited number of times for each pair of places, and what is confirmed is written as
// ThreadSanitizer writes its own reports, to the same place: the file that log_path names (with addresses and
// modules, for `gordian report` to symbolise) or standard error (with source lines).
#ifndef GORDIAN_INSTRUMENT_PREDICT_REPORTS_H
#define GORDIAN_INSTRUMENT_PREDICT_REPORTS_H

#include "predict/cells.h"

namespace gordian::predict {

void judge(Engine &engine, Thread &thread, const Suspicion &suspicion);

} // namespace gordian::predict

#endif
