// SPDX-License-Identifier: MIT
//
// The rule table and the names of the model's enumerations, each list written once.
#include "finding/rules.h"

#include "llvm/ADT/STLExtras.h"

using namespace gordian;
using llvm::StringRef;

static constexpr Rule kRules[] = {
#define RULE(ID, NAME, LEVEL, CWE, STATIC, DYNAMIC, IDENTITY, TITLE, WHAT, FIX)                              \
  {NAME, #ID, Level::LEVEL, CWE, STATIC, DYNAMIC, Identity::IDENTITY, TITLE, WHAT, FIX},
#include "finding/rules.def"
};

// In the order of the enumerations.
static constexpr StringRef kLevels[] = {"none", "note", "warning", "error"};
static constexpr StringRef kEvidences[] = {"static", "observed", "predicted", "confirmed"};
static constexpr StringRef kSteps[] = {"acquire", "request", "release", "wait", "notify",  "join",   "spawn",
                                       "call",    "read",    "write",   "exit", "destroy", "declare"};
static_assert(std::size(kSteps) == size_t(StepKind::Declare) + 1);
static_assert(std::size(kEvidences) == size_t(Evidence::Confirmed) + 1);
static_assert(std::size(kLevels) == size_t(Level::Error) + 1);

template <typename Enum, size_t N>
static std::optional<Enum> parse(const StringRef (&names)[N], StringRef name) {
  const auto *it = llvm::find(names, name);
  return it == std::end(names) ? std::nullopt : std::optional(Enum(it - names));
}

llvm::ArrayRef<Rule> gordian::rules() {
  return kRules;
}

const Rule *gordian::findRule(StringRef id) {
  const Rule *it = llvm::find_if(kRules, [&](const Rule &r) { return id == r.id; });
  return it == std::end(kRules) ? nullptr : it;
}

int gordian::ruleIndex(StringRef id) {
  const Rule *r = findRule(id);
  return r ? int(r - kRules) : -1;
}

const Rule *gordian::nearestRule(StringRef id) {
  const Rule *best = nullptr;
  unsigned bestDistance = 8; // further away it is another word
  for (const Rule &r : kRules) {
    unsigned distance = id.edit_distance(r.id, true, bestDistance);
    if (distance < bestDistance && distance < StringRef(r.id).size() / 2) {
      best = &r;
      bestDistance = distance;
    }
  }
  return best;
}

StringRef gordian::levelName(Level level) {
  return kLevels[size_t(level)];
}
std::optional<Level> gordian::parseLevel(StringRef name) {
  return parse<Level>(kLevels, name);
}
StringRef gordian::evidenceName(Evidence evidence) {
  return kEvidences[size_t(evidence)];
}
std::optional<Evidence> gordian::parseEvidence(StringRef name) {
  return parse<Evidence>(kEvidences, name);
}
StringRef gordian::stepName(StepKind kind) {
  return kSteps[size_t(kind)];
}
std::optional<StepKind> gordian::parseStep(StringRef name) {
  return parse<StepKind>(kSteps, name);
}
