// SPDX-License-Identifier: MIT
//
// Checks: facts -> findings. One file for each rule and one row in checks.def; a check reads Facts and
// nothing else, so that it does not know whether they come from source or from a run. What the checks say
// about one defect is merged in one_finding.cpp. Findings come in a stable order that does not depend on the
// order of the facts.
#ifndef GORDIAN_CHECKS_CHECKS_H
#define GORDIAN_CHECKS_CHECKS_H

#include "facts/cycles.h"
#include "facts/stable_order.h"

namespace gordian::checks {

struct CheckOptions {
  bool notes = false;       // report hints too, at level note
  double minimumRank = 0.2; // findings below are hints
  facts::CycleLimits cycles;
};

struct CheckResult {
  std::vector<Finding> findings;
  size_t internal = 0;                     // findings left out: made of locks of system or vendored code only
  size_t cutOff = 0;                       // acquired-before edges that the budget left unexamined
  std::vector<Notification> notifications; // the two counts in words, where not zero
};

CheckResult runAllChecks(const facts::Facts &facts, const CheckOptions &options);

/// The findings alone.
std::vector<Finding> runChecks(const facts::Facts &facts, const CheckOptions &options);

// One function for each row: appends its findings.
#define CHECK(FUNCTION) void FUNCTION(const facts::Facts &, const CheckOptions &, CheckResult &);
#include "checks/checks.def"

} // namespace gordian::checks

#endif
