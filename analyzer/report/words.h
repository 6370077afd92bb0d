// SPDX-License-Identifier: MIT
//
// The words that all formats share: what a step does, what kind of evidence there is. Made from the model
// alone.
#ifndef GORDIAN_REPORT_WORDS_H
#define GORDIAN_REPORT_WORDS_H

#include "finding/finding.h"

#include <string>

namespace gordian::report {

/// "m" as the reader knows it; "a lock" where a step has no subject.
std::string subjectName(const Finding &f, int subject);

/// "asks for m (shared)".
std::string briefStep(const Finding &f, const Step &s);

/// "asks for m (shared), which thread T2 holds; in a loop": one clause without place and function.
/// `participants` are those that the step's participant belongs to (the finding's or an alternative's).
std::string describeStep(const Finding &f, const std::vector<Participant> &participants, size_t participant,
                         size_t step);

/// "in the source; some schedule reaches it".
std::string describeEvidence(const Finding &f);

/// "3 findings", "1 finding".
std::string counted(size_t n, const char *singular, const char *plural = nullptr);

} // namespace gordian::report

#endif
