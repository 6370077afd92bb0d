// SPDX-License-Identifier: MIT
//
// One defect, one finding: joins what several checks, runs and front ends say about the same thing.
//
//   1. Duplicates become one finding: those with the same fingerprint, and a static finding and one of a run
//      with the same operations on the same lines (the two sides may name a lock differently). Other sites of
//      it become alternatives, at most kMaxAlternatives kept and all counted. A static finding that a run has
//      exercised keeps its words and takes over the run's evidence.
//   2. Precedence (table in merge.cpp): the finding that says more about a defect absorbs the one that says
//      less.
//
// Errs: a static and a dynamic defect of two locks on exactly the same lines are taken for one (may miss).
#ifndef GORDIAN_FINDING_MERGE_H
#define GORDIAN_FINDING_MERGE_H

#include "finding/finding.h"

namespace gordian {

constexpr unsigned kMaxAlternatives = 8;

/// Merges in place; identifies all findings. The order of the result is sortFindings'.
void mergeFindings(std::vector<Finding> &findings);

/// Most important first: level, evidence, rank, then place and fingerprint, so that equal inputs give equal
/// output.
void sortFindings(std::vector<Finding> &findings);

} // namespace gordian

#endif
