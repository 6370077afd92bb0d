// SPDX-License-Identifier: MIT
//
// Suppressions: findings that somebody has looked at and accepted. They stay in SARIF, JSON and HTML with the
// reason, but are not shown as text and do not count for the exit status.
//
// A suppressions file has one suppression a line:
//
//   # comment
//   lock-order-inversion  lock=Cache::*  path=src/legacy/*   # the legacy cache runs before any thread starts
//   lock-leak  function=Pool::~Pool                          # the process ends here
//   *          path=tests/*
//
// first the rule (a glob), then any of lock=, function=, path=, fingerprint= (globs; a value with blanks in
// double quotes), then the reason. Each condition must hold at some step of the finding or some frame of its
// stacks (lock= at any lock it names), not at all of them; fingerprint= is compared with the finding's. A
// line that suppresses nothing is told.
//
// In the source, on the line of a finding's operation or the line above it:
//
//   // gordian: allow(lock-order-inversion) both run on the event loop only
//
// with one rule, several with commas, or `*`.
#ifndef GORDIAN_FINDING_SUPPRESSIONS_H
#define GORDIAN_FINDING_SUPPRESSIONS_H

#include "finding/finding.h"
#include "finding/glob.h"

#include <functional>
#include <optional>

namespace gordian {

/// One line of a suppressions file.
struct SuppressionRule {
  Glob rule;
  std::vector<Glob> locks, functions, paths;
  std::string fingerprint;
  std::string reason;
  std::string text; // the line, for messages
  std::string file;
  unsigned line = 0;
  unsigned used = 0; // findings that it suppressed
  bool matches(const Finding &f) const;
};

/// The error names file and line, and says what is expected there.
llvm::Expected<std::vector<SuppressionRule>> parseSuppressions(llvm::StringRef text, llvm::StringRef file);
llvm::Expected<std::vector<SuppressionRule>> readSuppressions(llvm::StringRef file);

/// Marks what the rules match (kind "external") and counts their use.
void suppress(std::vector<Finding> &findings, std::vector<SuppressionRule> &rules);

/// A line of a source file, 1 being the first; nothing where there is none.
using SourceLine = std::function<std::optional<llvm::StringRef>(const std::string &file, unsigned line)>;

/// Marks what comments in the source allow (kind "inSource").
void suppressInSource(std::vector<Finding> &findings, const SourceLine &sourceLine);

} // namespace gordian

#endif
