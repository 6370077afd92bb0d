// SPDX-License-Identifier: MIT
// LINK: gordian_finding
//
// Baseline and exclusion: what counts as new, and whose code it is.
#include "finding/baseline.h"
#include "finding/exclusion.h"
#include "finding/merge.h"
#include "finding_samples.h"

#include <gtest/gtest.h>

using namespace gordian;
using namespace gordian::samples;

TEST(Baseline, KnownAtOtherLines) {
  std::vector<Finding> now = {inversion(200)};
  BaselineCount count = compareWithBaseline(now, {inversion(10)});
  EXPECT_EQ(now[0].baseline, BaselineState::Unchanged);
  EXPECT_EQ(count.unchanged, 1u);
  EXPECT_EQ(count.fresh + count.absent, 0u);
}

TEST(Baseline, NewEdgeInAKnownCycleIsNew) {
  std::vector<Finding> now = {inversion(10), inversion(300, "added")};
  mergeFindings(now);
  ASSERT_EQ(now.size(), 1u);
  compareWithBaseline(now, {inversion(10)});
  EXPECT_EQ(now[0].baseline, BaselineState::New);
}

TEST(Baseline, RemovedEdgeIsNotNew) {
  std::vector<Finding> old = {inversion(10), inversion(300, "removed")}, now = {inversion(10)};
  mergeFindings(old);
  compareWithBaseline(now, old);
  EXPECT_EQ(now[0].baseline, BaselineState::Unchanged);
}

TEST(Baseline, BetterEvidenceIsAnUpdate) {
  std::vector<Finding> now = {inversion(10)};
  now[0].evidence = Evidence::Observed;
  compareWithBaseline(now, {inversion(10)});
  EXPECT_EQ(now[0].baseline, BaselineState::Updated);
}

TEST(Baseline, GoneFindingsAreReturned) {
  std::vector<Finding> now, gone;
  BaselineCount count = compareWithBaseline(now, {inversion(10)}, &gone);
  EXPECT_EQ(count.absent, 1u);
  ASSERT_EQ(gone.size(), 1u);
  EXPECT_EQ(gone[0].baseline, BaselineState::Absent);
}

static Exclusion excluding(const char *glob) {
  Exclusion e;
  e.projectFolder = "/home/me/project";
  if (*glob) {
    auto g = Glob::createForPath(glob);
    EXPECT_TRUE(bool(g));
    e.globs.push_back(std::move(*g));
  }
  return e;
}

static bool excluded(const char *file, const char *glob = "") {
  Finding f = single(rule::LockLeak, StepKind::Acquire, "m", 5, "f");
  f.location.file = f.participants[0].steps[0].location.file = file;
  std::vector<Finding> list = {f};
  ExclusionCount count = excludeFindings(list, excluding(glob));
  EXPECT_EQ(count.byGlob + count.system + count.vendored, 1 - list.size());
  return list.empty();
}

TEST(Exclusion, SystemAndVendoredByDefault) {
  EXPECT_TRUE(excluded("/usr/include/c++/12/mutex"));
  EXPECT_TRUE(excluded("/home/me/project/third_party/zlib/a.c"));
  EXPECT_TRUE(excluded("/home/me/project/build/_deps/fmt/a.cc"));
  EXPECT_FALSE(excluded("/home/me/project/src/a.cpp"));
  EXPECT_FALSE(excluded("/home/me/project/src/vendor.cpp")) << "a file, no folder";
  EXPECT_FALSE(excluded("/home/vendor/elsewhere/a.cpp")) << "the project itself may live in such a folder";
}

TEST(Exclusion, Globs) {
  EXPECT_TRUE(excluded("/home/me/project/src/gen/a.cpp", "src/gen"));
  EXPECT_TRUE(excluded("/home/me/project/src/gen/a.cpp", "./src/gen/"));
  EXPECT_TRUE(excluded("/home/me/project/src/a_test.cpp", "*_test.cpp"));
  EXPECT_TRUE(excluded("/home/me/project/src/a.cpp", "/home/me/*"));
  EXPECT_FALSE(excluded("/home/me/project/src/generic/a.cpp", "src/gen"));
}

TEST(Exclusion, OneStepInTheUsersCodeKeepsIt) {
  Finding f = inversion(10);
  f.location.file = "/usr/include/x.h";
  for (Step &s : f.participants[0].steps)
    s.location.file = "/usr/include/x.h";
  std::vector<Finding> list = {f};
  excludeFindings(list, excluding(""));
  EXPECT_EQ(list.size(), 1u);
}

TEST(Exclusion, NoSourceIsNoReason) {
  Finding f = single(rule::LockLeak, StepKind::Acquire, "m", 5, "f");
  f.location = f.participants[0].steps[0].location = {};
  std::vector<Finding> list = {f};
  excludeFindings(list, excluding("*"));
  EXPECT_EQ(list.size(), 1u);
}
