// SPDX-License-Identifier: MIT
#include "checks/draft.h"

#include "finding/fingerprint.h"
#include "finding/rules.h"

#include <algorithm>

namespace gordian::checks {

using namespace facts;

/// What the source shows is an error where we expect three of four to be real; below that it is a warning.
constexpr double kErrorRank = 0.75;

Draft::Draft(const Facts &f, const char *rule) : facts(f) {
  finding.rule = rule;
  finding.level = findRule(rule)->level;
  finding.evidence = f.evidence;
}

int Draft::lock(LockId id) {
  auto it = std::find(locks.begin(), locks.end(), id);
  if (it != locks.end())
    return int(it - locks.begin());
  locks.push_back(id);
  finding.subjects.push_back(facts.locks[id].subject);
  return int(locks.size()) - 1;
}

int Draft::subject(const Subject &s) {
  for (size_t i = 0; i < finding.subjects.size(); ++i)
    if (locks[i] == kNone && finding.subjects[i].key == s.key && finding.subjects[i].name == s.name)
      return int(i);
  locks.push_back(kNone);
  finding.subjects.push_back(s);
  return int(locks.size()) - 1;
}

std::vector<Step> Draft::steps(const std::vector<Step> &witness, StepKind kind, int subject, Mode mode,
                               const std::string &note) const {
  std::vector<Step> out = witness;
  for (Step &s : out) {
    if (s.subject < 0)
      continue;
    auto it = std::find(locks.begin(), locks.end(), LockId(s.subject));
    if (it == locks.end() && s.note.empty() && size_t(s.subject) < facts.locks.size())
      s.note = quoted(facts.locks[s.subject].subject.name);
    s.subject = it == locks.end() ? -1 : int(it - locks.begin());
  }
  if (out.empty())
    return out;
  Step &operation = out.back();
  operation.kind = kind;
  operation.subject = subject;
  operation.mode = mode;
  if (operation.note.empty())
    operation.note = note;
  return out;
}

static bool sameStep(const Step &a, const Step &b) {
  return a.kind == b.kind && a.subject == b.subject && a.location == b.location && a.function == b.function;
}

void Draft::append(Participant &p, const std::vector<Step> &witness, StepKind kind, int subject, Mode mode,
                   const std::string &note) const {
  for (Step &s : steps(witness, kind, subject, mode, note)) {
    bool repeated =
        std::any_of(p.steps.begin(), p.steps.end(), [&](const Step &t) { return sameStep(s, t); });
    if (!repeated)
      p.steps.push_back(std::move(s));
  }
}

void Draft::append(Participant &p, const Held &held) const {
  auto it = std::find(locks.begin(), locks.end(), held.lock);
  append(p, held.acquired, StepKind::Acquire, it == locks.end() ? -1 : int(it - locks.begin()), held.mode);
}

void Draft::finish(const CheckOptions &options, CheckResult &result) {
  bool anyLock = false, anyOwn = false;
  for (LockId id : locks)
    if (id != kNone) {
      anyLock = true;
      anyOwn |= !facts.locks[id].internal;
    }
  if (anyLock && !anyOwn) {
    ++result.internal;
    return;
  }
  if (finding.rank() < options.minimumRank)
    finding.hint = true;
  if (finding.hint && !options.notes)
    return;
  if (finding.level == Level::Error && facts.evidence == Evidence::Static && finding.rank() < kErrorRank)
    finding.level = Level::Warning;
  if (finding.hint)
    finding.level = Level::Note;
  if (!finding.location.known())
    for (auto p = finding.participants.rbegin(); p != finding.participants.rend(); ++p)
      if (!p->steps.empty()) {
        finding.location = p->steps.back().location;
        break;
      }
  result.findings.push_back(std::move(finding));
}

std::string quoted(const std::string &name) {
  return "`" + name + "`";
}

std::string mention(const Subject &s) {
  return s.kind == "thread" ? s.name : quoted(s.name);
}

std::string functionName(const std::string &function) {
  // Front ends name functions well; what still has parameters comes from elsewhere.
  std::string name = function.find('(') == std::string::npos ? function : functionKey(function);
  if (name.empty())
    return function.empty() ? "an unknown function" : function;
  constexpr std::string_view call = "::operator()", lambda = "{lambda}::operator()";
  if (name.ends_with(lambda))
    name.resize(name.size() - call.size());
  return name;
}

std::string listed(const std::vector<std::string> &names) {
  constexpr size_t most = 5;
  std::vector<std::string> once;
  for (const std::string &n : names)
    if (std::find(once.begin(), once.end(), n) == once.end())
      once.push_back(n);
  bool cut = once.size() > most;
  size_t shown = cut ? most - 1 : once.size();
  std::string out;
  for (size_t i = 0; i < shown; ++i) {
    if (i)
      out += i + 1 == shown && !cut ? " and " : ", ";
    out += quoted(once[i]);
  }
  return cut ? out + " and " + std::to_string(once.size() - shown) + " more" : out;
}

std::string counted(size_t n) {
  static const char *const words[] = {"no",   "one", "two",   "three", "four",
                                      "five", "six", "seven", "eight", "nine"};
  return n < std::size(words) ? words[n] : std::to_string(n);
}

std::string takenIn(const Held &held, const std::string &otherwise) {
  if (!held.acquired.empty() && !held.acquired.back().function.empty())
    return functionName(held.acquired.back().function);
  return functionName(otherwise);
}

Location placeOf(const std::vector<Step> &witness) {
  return witness.empty() ? Location() : witness.back().location;
}

std::string contextName(const Facts &f, ContextId context, const std::string &function) {
  if (context < f.contexts.size() && !f.contexts[context].empty())
    return f.contexts[context];
  return functionName(function);
}

} // namespace gordian::checks
