// SPDX-License-Identifier: MIT
//
// Look-up in the rule table (rules.def). Rules are constants of the program: pointers to them live for ever.
#ifndef GORDIAN_FINDING_RULES_H
#define GORDIAN_FINDING_RULES_H

#include "finding/finding.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

#include <optional>

namespace gordian {

namespace rule {
#define RULE(ID, NAME, ...) inline constexpr const char *ID = NAME;
#include "finding/rules.def"
} // namespace rule

/// What makes two findings of a rule one defect; see rules.def.
enum class Identity { Locks, Site };

struct Rule {
  const char *id;
  const char *name; // "LockLeak"
  Level level;
  unsigned cwe;
  bool isStatic, isDynamic;
  Identity identity;
  const char *title;
  const char *what;
  const char *fix;
};

llvm::ArrayRef<Rule> rules();

/// Null where no rule has this id.
const Rule *findRule(llvm::StringRef id);

/// The position in rules() (SARIF's ruleIndex); -1 where no rule has this id.
int ruleIndex(llvm::StringRef id);

/// The rule that a misspelt id probably meant; null where none is near.
const Rule *nearestRule(llvm::StringRef id);

/// "error", "warning", "note", "none".
llvm::StringRef levelName(Level level);
std::optional<Level> parseLevel(llvm::StringRef name);

/// "static", "observed", "predicted", "confirmed".
llvm::StringRef evidenceName(Evidence evidence);
std::optional<Evidence> parseEvidence(llvm::StringRef name);

/// "acquire", "request", "release", ...
llvm::StringRef stepName(StepKind kind);
std::optional<StepKind> parseStep(llvm::StringRef name);

} // namespace gordian

#endif
