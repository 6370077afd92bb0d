// SPDX-License-Identifier: MIT
// LINK: gordian_finding
//
// One defect, one finding: duplicates become alternatives, the finding that says more absorbs the one that
// says less.
#include "finding/merge.h"
#include "finding_samples.h"

#include <gtest/gtest.h>

#include <algorithm>

using namespace gordian;
using namespace gordian::samples;

static std::vector<Finding> merged(std::vector<Finding> findings) {
  mergeFindings(findings);
  return findings;
}

TEST(Merge, SameCycleElsewhereIsAnAlternative) {
  auto m = merged({inversion(10), inversion(100, "h", "k")});
  ASSERT_EQ(m.size(), 1u);
  EXPECT_EQ(m[0].alternatives.size(), 1u);
  EXPECT_EQ(m[0].alternativesTotal, 1u);
  EXPECT_EQ(m[0].edgeKeys.size(), 4u);
}

TEST(Merge, ExactDuplicateIsNoAlternative) {
  auto m = merged({inversion(10), inversion(10)});
  ASSERT_EQ(m.size(), 1u);
  EXPECT_EQ(m[0].alternativesTotal, 0u);
}

TEST(Merge, KeepsEightAlternativesAndCountsAll) {
  std::vector<Finding> many;
  for (unsigned i = 0; i < 30; ++i)
    many.push_back(inversion(10 + 50 * i, "f" + std::to_string(i)));
  auto m = merged(many);
  ASSERT_EQ(m.size(), 1u);
  EXPECT_EQ(m[0].alternatives.size(), kMaxAlternatives);
  EXPECT_EQ(m[0].alternativesTotal, 29u);
  EXPECT_EQ(m[0].edgeKeys.size(), 31u) << "the edges of all sites are known to the baseline, kept or not";
}

TEST(Merge, DifferentLeaksStayApart) {
  EXPECT_EQ(merged({single(rule::LockLeak, StepKind::Acquire, "m", 5, "f"),
                    single(rule::LockLeak, StepKind::Acquire, "m", 15, "g"),
                    single(rule::LockLeak, StepKind::Acquire, "n", 5, "f")})
                .size(),
            3u);
}

TEST(Merge, StaticFindingThatARunExercised) {
  Finding fromSource = inversion(10), fromRun = inversion(10);
  fromRun.evidence = Evidence::Observed;
  fromRun.message = "mutex 0x1234 and mutex 0x5678";
  for (Subject &s : fromRun.subjects)
    s.key = s.name = "heap " + s.key; // the run has other names for the locks: the lines decide
  for (auto inputs : {std::vector{fromSource, fromRun}, std::vector{fromRun, fromSource}}) {
    auto m = merged(inputs);
    ASSERT_EQ(m.size(), 1u);
    EXPECT_EQ(m[0].evidence, Evidence::Observed);
    EXPECT_EQ(m[0].message, fromSource.message);
    EXPECT_EQ(m[0].subjects.size(), 2u);
  }
}

TEST(Merge, DeadlockAbsorbsTheSameCycle) {
  Finding deadlock = inversion(10);
  deadlock.rule = rule::Deadlock;
  deadlock.evidence = Evidence::Confirmed;
  auto m = merged({inversion(300, "other"), inversion(10), deadlock});
  ASSERT_EQ(m.size(), 1u);
  EXPECT_EQ(m[0].rule, rule::Deadlock);
  EXPECT_EQ(m[0].alternatives.size(), 1u) << "the other site of the cycle is not lost";
}

TEST(Merge, DeadlockLeavesOtherCyclesAlone) {
  Finding deadlock = inversion(10), other = inversion(300, "x", "y");
  deadlock.rule = rule::Deadlock;
  other.subjects = {lock("C"), lock("D")};
  EXPECT_EQ(merged({deadlock, other}).size(), 2u);
}

TEST(Merge, ReacquireBeforeInversion) {
  Finding reacquire = single(rule::NonReentrantReacquire, StepKind::Request, "A", 11, "f");
  reacquire.participants[0].steps.insert(reacquire.participants[0].steps.begin(),
                                         at(StepKind::Acquire, 0, 10, "f"));
  Finding cycle = inversion(10);
  auto m = merged({cycle, reacquire}); // the cycle's first edge is the re-acquisition itself
  ASSERT_EQ(m.size(), 1u);
  EXPECT_EQ(m[0].rule, rule::NonReentrantReacquire);
  EXPECT_EQ(merged({inversion(200, "x", "y"), reacquire}).size(), 2u) << "another cycle is another defect";
}

TEST(Merge, BadReleaseBeforeLeak) {
  Finding leak = single(rule::LockLeak, StepKind::Acquire, "m", 5, "f");
  Finding release = single(rule::ReleaseWithoutAcquire, StepKind::Release, "m", 9, "f(int)");
  auto m = merged({leak, release});
  ASSERT_EQ(m.size(), 1u);
  EXPECT_EQ(m[0].rule, rule::ReleaseWithoutAcquire);
  release.participants[0].steps[0].function = "g";
  EXPECT_EQ(merged({leak, release}).size(), 2u);
}

TEST(Merge, AHintAbsorbsNoFinding) {
  Finding hint = inversion(10);
  hint.rule = rule::Deadlock;
  hint.level = Level::Note;
  auto m = merged({inversion(10), hint});
  EXPECT_EQ(m.size(), 2u);
}

TEST(Merge, OrderOfInputsDoesNotMatter) {
  std::mt19937 engine(3);
  Random random(11);
  for (int round = 0; round < 20; ++round) {
    std::vector<Finding> findings;
    for (int i = 0; i < 6; ++i)
      findings.push_back(
          inversion(unsigned(10 + 7 * random.below(5)), "f" + std::to_string(random.below(3))));
    for (int i = 0; i < 6; ++i)
      findings.push_back(single(random.below(2) ? rule::LockLeak : rule::ReleaseWithoutAcquire,
                                StepKind::Acquire, random.below(2) ? "m" : "n", 5,
                                random.below(2) ? "f" : "g"));
    auto first = merged(findings);
    std::shuffle(findings.begin(), findings.end(), engine);
    auto second = merged(findings);
    ASSERT_EQ(first.size(), second.size());
    for (size_t i = 0; i < first.size(); ++i) {
      EXPECT_EQ(first[i].fingerprint, second[i].fingerprint);
      EXPECT_EQ(first[i].location, second[i].location);
      EXPECT_EQ(first[i].alternativesTotal, second[i].alternativesTotal);
    }
  }
}

TEST(Merge, TwiceIsOnce) {
  Random random(5);
  std::vector<Finding> findings;
  for (int i = 0; i < 40; ++i)
    findings.push_back(random.finding());
  auto once = merged(findings), twice = merged(once);
  ASSERT_EQ(once.size(), twice.size());
  for (size_t i = 0; i < once.size(); ++i)
    EXPECT_EQ(once[i].alternativesTotal, twice[i].alternativesTotal);
}

TEST(Sort, ErrorsFirstThenEvidenceThenRank) {
  Finding warning = single(rule::LockLeak, StepKind::Acquire, "m", 1, "f");
  Finding weak = inversion(1), strong = inversion(2), observed = inversion(3);
  weak.factors = {{"guess", 0.5}};
  observed.evidence = Evidence::Observed;
  std::vector<Finding> list = {warning, weak, strong, observed};
  sortFindings(list);
  EXPECT_EQ(list[0].location.line, 4u);
  EXPECT_EQ(list[1].location.line, 3u);
  EXPECT_EQ(list[2].location.line, 2u);
  EXPECT_EQ(list[3].rule, rule::LockLeak);
}
