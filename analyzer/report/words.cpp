// SPDX-License-Identifier: MIT
//
// One verb for each kind of step, and who holds what is asked for.
#include "report/words.h"

#include "llvm/ADT/STLExtras.h"

using namespace gordian;

// In the order of StepKind; %s is the subject.
static constexpr const char *kVerbs[] = {
    "acquires %s",         "asks for %s", "releases %s", "waits for %s", "notifies %s",         "joins %s",
    "creates %s",          "calls",       "reads %s",    "writes %s",    "leaves with %s held", "destroys %s",
    "%s is declared here",
};
static_assert(std::size(kVerbs) == size_t(StepKind::Declare) + 1);

std::string report::subjectName(const Finding &f, int subject) {
  if (subject < 0 || size_t(subject) >= f.subjects.size())
    return "";
  const Subject &s = f.subjects[subject];
  return s.name.empty() ? s.key : s.name;
}

std::string report::counted(size_t n, const char *singular, const char *plural) {
  std::string word = n == 1 ? singular : plural ? plural : std::string(singular) + "s";
  return std::to_string(n) + " " + word;
}

static std::string verb(StepKind kind, const std::string &subject) {
  std::string v = kVerbs[size_t(kind)];
  size_t at = v.find("%s");
  if (at == std::string::npos)
    return v;
  const char *unnamed = kind == StepKind::Spawn || kind == StepKind::Join ? "a thread" : "a lock";
  if (subject.empty() && kind == StepKind::Exit)
    return "leaves";
  return v.replace(at, 2, subject.empty() ? unnamed : subject);
}

std::string report::briefStep(const Finding &f, const Step &s) {
  std::string text = verb(s.kind, subjectName(f, s.subject));
  if (s.mode == Mode::Shared && (s.kind == StepKind::Acquire || s.kind == StepKind::Request))
    text += " (shared)";
  return text;
}

/// The other participant that acquires `subject`; null where none or several do.
static const Participant *holder(const std::vector<Participant> &participants, size_t self, int subject) {
  const Participant *found = nullptr;
  for (size_t i = 0; i < participants.size(); ++i) {
    bool holds = i != self && llvm::any_of(participants[i].steps, [&](const Step &s) {
                   return s.kind == StepKind::Acquire && s.subject == subject;
                 });
    if (holds && found)
      return nullptr;
    if (holds)
      found = &participants[i];
  }
  return found;
}

std::string report::describeStep(const Finding &f, const std::vector<Participant> &participants,
                                 size_t participant, size_t step) {
  const std::vector<Step> &steps = participants[participant].steps;
  const Step &s = steps[step];
  if (s.kind == StepKind::Call) {
    std::string callee = step + 1 < steps.size() ? steps[step + 1].function : "";
    std::string text = callee.empty() || callee == s.function ? "calls" : "calls " + callee;
    if (text == "calls")
      return s.note.empty() ? "on the way" : s.note;
    return s.note.empty() ? text : text + ", " + s.note;
  }
  std::string text = briefStep(f, s);
  if (s.kind == StepKind::Request && s.subject >= 0)
    if (const Participant *p = holder(participants, participant, s.subject); p && !p->name.empty())
      text += (f.evidence == Evidence::Confirmed ? ", held by " : ", which may be held by ") + p->name;
  return s.note.empty() ? text : text + ", " + s.note;
}

static const char *words(Evidence evidence) {
  switch (evidence) {
  case Evidence::Static:
    return "found in the source: some schedule of the program reaches it";
  case Evidence::Observed:
    return "observed in a run";
  case Evidence::Predicted:
    return "predicted from a run: a reordering of what it did reaches it";
  case Evidence::Confirmed:
    return "confirmed: it happened in a run";
  }
  return "";
}

std::string report::describeEvidence(const Finding &f) {
  bool both = f.inSource && f.evidence != Evidence::Static;
  return words(f.evidence) + std::string(both ? "; found in the source as well" : "");
}
