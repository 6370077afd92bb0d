// SPDX-License-Identifier: MIT
//
// All checks over one set of facts, one finding for each defect (finding/merge.h), and what was left out, in
// words.
#include "checks/checks.h"

#include "finding/merge.h"

namespace gordian::checks {

static void noteWhatWasLeftOut(CheckResult &result) {
  auto say = [&](Level level, std::string text) {
    result.notifications.push_back({level, std::move(text), {}});
  };
  if (result.internal)
    say(Level::Note, std::to_string(result.internal) + (result.internal == 1 ? " finding" : " findings") +
                         " left out: all locks belong to system or vendored code");
  if (result.cutOff)
    say(Level::Warning,
        std::to_string(result.cutOff) +
            " lock order edges were not examined to the end: the lock-order graph is too dense");
}

CheckResult runAllChecks(const facts::Facts &facts, const CheckOptions &options) {
  CheckResult result;
#define CHECK(FUNCTION) FUNCTION(facts, options, result);
#include "checks/checks.def"
  mergeFindings(result.findings);
  noteWhatWasLeftOut(result);
  return result;
}

std::vector<Finding> runChecks(const facts::Facts &facts, const CheckOptions &options) {
  return std::move(runAllChecks(facts, options).findings);
}

} // namespace gordian::checks
