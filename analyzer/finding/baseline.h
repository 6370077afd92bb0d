// SPDX-License-Identifier: MIT
//
// Baseline: an earlier result; what it knew is not new. A finding is known where its fingerprint is, and, for
// a cycle, where each of its edges is: a new edge in a known cycle is new. What the baseline had suppressed
// is known too.
#ifndef GORDIAN_FINDING_BASELINE_H
#define GORDIAN_FINDING_BASELINE_H

#include "finding/finding.h"

namespace gordian {

struct BaselineCount {
  unsigned fresh = 0, unchanged = 0, absent = 0;
};

/// Sets `baseline` of each finding: New, Unchanged, or Updated where level or evidence differ. Returns the
/// counts and, where wanted, the findings of `old` that are gone (marked Absent).
BaselineCount compareWithBaseline(std::vector<Finding> &now, const std::vector<Finding> &old,
                                  std::vector<Finding> *absent = nullptr);

} // namespace gordian

#endif
