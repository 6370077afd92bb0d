// SPDX-License-Identifier: MIT
//
// Findings to test with: short constructors, and random ones that use every member of the model.
#ifndef GORDIAN_TESTCASES_UNIT_FINDING_SAMPLES_H
#define GORDIAN_TESTCASES_UNIT_FINDING_SAMPLES_H

#include "finding/finding.h"
#include "finding/fingerprint.h"
#include "finding/rules.h"

#include <random>

namespace gordian::samples {

inline Subject lock(const std::string &name) {
  return {name, name, "std::mutex", {}};
}

inline Step at(StepKind kind, int subject, unsigned line, const std::string &function,
               const std::string &file = "/src/a.cpp") {
  Step s;
  s.kind = kind;
  s.subject = subject;
  s.location = {file, line, 3};
  s.function = function;
  return s;
}

/// An edge: holds subject `a` since `line`, asks for `b` on the next line.
inline Participant edge(int a, int b, unsigned line, const std::string &function,
                        const std::string &file = "/src/a.cpp") {
  return {
      "thread " + function,
      {at(StepKind::Acquire, a, line, function, file), at(StepKind::Request, b, line + 1, function, file)}};
}

/// f() takes A then B, g() takes B then A; g starts ten lines below `line`.
inline Finding inversion(unsigned line = 10, const std::string &f = "f", const std::string &g = "g") {
  Finding x;
  x.rule = rule::LockOrderInversion;
  x.level = Level::Error;
  x.message = "A and B are acquired in both orders";
  x.subjects = {lock("A"), lock("B")};
  x.participants = {edge(0, 1, line, f), edge(1, 0, line + 10, g)};
  x.location = x.participants[0].steps[1].location;
  return x;
}

/// One participant with one step in `function`, about lock `name`.
inline Finding single(const char *rule, StepKind kind, const std::string &name, unsigned line,
                      const std::string &function) {
  Finding x;
  x.rule = rule;
  x.level = findRule(rule)->level;
  x.message = std::string(rule) + " of " + name;
  x.subjects = {lock(name)};
  x.participants = {{"", {at(kind, 0, line, function)}}};
  x.location = x.participants[0].steps[0].location;
  return x;
}

/// Deterministic random findings; text holds what formats stumble over.
class Random {
public:
  explicit Random(unsigned seed) : engine(seed) {}

  size_t below(size_t n) { return std::uniform_int_distribution<size_t>(0, n - 1)(engine); }

  std::string text() {
    static const char *const kTexts[] = {"m",
                                         "Cache::mutex_",
                                         "a \"quoted\" name",
                                         "<b>&amp;</b>",
                                         "</script><script>alert(1)</script>",
                                         "über::größe",
                                         "tab\tand\nline",
                                         "x[i].mu",
                                         "operator()(int, T<U>) const",
                                         "back\\slash",
                                         "{lambda}",
                                         "%s %d"};
    return kTexts[below(std::size(kTexts))];
  }
  Location location() {
    static const char *const kFiles[] = {"/src/a.cpp", "/src/with space/b#1.h", "/elsewhere/c%20d.c",
                                         "/src/ü.cpp"};
    return {kFiles[below(4)], unsigned(1 + below(500)), unsigned(below(90))};
  }
  Step step(size_t subjects) {
    Step s;
    s.kind = StepKind(below(size_t(StepKind::Declare) + 1));
    s.subject = int(below(subjects + 1)) - 1;
    s.mode = below(2) ? Mode::Shared : Mode::Exclusive;
    s.location = location();
    s.function = text();
    for (size_t i = below(4); i > 0; --i)
      s.stack.push_back(
          {text(), below(3) ? location() : Location{}, below(2) ? "/usr/bin/app" : "", below(1u << 30)});
    if (below(2))
      s.note = text();
    return s;
  }
  std::vector<Participant> participants(size_t subjects) {
    std::vector<Participant> list(1 + below(3));
    for (Participant &p : list) {
      p.name = below(4) ? text() : "";
      for (size_t i = 1 + below(4); i > 0; --i)
        p.steps.push_back(step(subjects));
    }
    return list;
  }
  Finding finding() {
    Finding f;
    const Rule &rule = rules()[below(rules().size())];
    f.rule = rule.id;
    f.hint = below(5) == 0;
    f.level = f.hint ? Level::Note : Level(1 + below(3));
    f.evidence = Evidence(below(4));
    f.message = text() + " and " + text();
    for (size_t i = 1 + below(3); i > 0; --i)
      f.subjects.push_back({text(), text(), text(), below(2) ? location() : Location{}});
    f.participants = participants(f.subjects.size());
    for (size_t i = below(3); i > 0; --i)
      f.alternatives.push_back(participants(f.subjects.size()));
    f.alternativesTotal = unsigned(f.alternatives.size() + below(3));
    f.location = location();
    for (size_t i = below(3); i > 0; --i)
      f.related.push_back(step(f.subjects.size()));
    for (size_t i = below(3); i > 0; --i)
      f.factors.push_back({text(), 1.0 / double(1 + below(4))});
    if (below(4) == 0)
      f.suppressions.push_back({below(2) ? "inSource" : "external", text()});
    f.baseline = BaselineState(below(4)); // absent ones are not read back
    identify(f);
    return f;
  }

private:
  std::mt19937 engine;
};

} // namespace gordian::samples

#endif
