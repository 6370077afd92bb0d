// SPDX-License-Identifier: MIT
// LINK: gordian_finding
//
// Fingerprints: the same after lines, files and messages have changed, another for another defect.
#include "finding_samples.h"

#include <gtest/gtest.h>

using namespace gordian;
using namespace gordian::samples;

TEST(FunctionKey, DropsWhatCompilersAndDemanglersAdd) {
  EXPECT_EQ(functionKey("main"), "main");
  EXPECT_EQ(functionKey("Cache::store(int, std::string const&)"), "Cache::store");
  EXPECT_EQ(functionKey("Cache::store(int) const"), "Cache::store");
  EXPECT_EQ(functionKey("Cache<int, std::less<int>>::store(int)"), "Cache::store");
  EXPECT_EQ(functionKey("void run<int>(int)"), "run");
  EXPECT_EQ(functionKey("std::vector<int> const& Pool::get<3>()"), "Pool::get");
  EXPECT_EQ(functionKey("(anonymous namespace)::helper(void (*)(int))"), "(anonymous namespace)::helper");
  EXPECT_EQ(functionKey("work [clone .isra.0]"), "work");
  EXPECT_EQ(functionKey("pthread_mutex_lock@@GLIBC_2.2.5"), "pthread_mutex_lock");
}

TEST(FunctionKey, KeepsOperators) {
  EXPECT_EQ(functionKey("Task::operator()(int) const"), "Task::operator()");
  EXPECT_EQ(functionKey("operator<<(std::ostream&, X const&)"), "operator<<");
  EXPECT_EQ(functionKey("X::operator->() const"), "X::operator->");
  EXPECT_EQ(functionKey("operators::get()"), "operators::get");
}

TEST(FunctionKey, OneSpellingForLambdas) {
  EXPECT_EQ(functionKey("main::$_0::operator()() const"), "main::{lambda}::operator()");
  EXPECT_EQ(functionKey("main::{lambda()#1}::operator()() const"), "main::{lambda}::operator()");
  EXPECT_EQ(functionKey("main::'lambda0'()::operator()() const"), "main::{lambda}::operator()");
}

TEST(FunctionKey, SurvivesBrokenNames) {
  for (const char *name : {"", "(", "<", "f(", "f<", "operator", "{lambda", "'lambda", "a::", "((((", "$_",
                           " ", "x ", "operator<", "f)>", "-><-"})
    functionKey(name);
}

TEST(Fingerprint, SameWhenLinesFilesAndWordsChange) {
  Finding a = inversion(10), b = inversion(500);
  b.message = "other words";
  b.evidence = Evidence::Observed;
  for (Participant &p : b.participants)
    for (Step &s : p.steps) {
      s.location.file = "/moved/b.cpp";
      s.stack.push_back({"caller", {"/x.cpp", 3, 4}, "", 0});
    }
  EXPECT_EQ(fingerprintOf(a), fingerprintOf(b));
  identify(a);
  identify(b);
  EXPECT_EQ(a.edgeKeys, b.edgeKeys);
  EXPECT_EQ(a.edgeKeys.size(), 2u);
}

TEST(Fingerprint, LockSetInAnyOrder) {
  Finding a = inversion(), b = inversion();
  std::swap(b.subjects[0], b.subjects[1]);
  EXPECT_EQ(fingerprintOf(a), fingerprintOf(b));
  b.subjects[0].key = "C";
  EXPECT_NE(fingerprintOf(a), fingerprintOf(b));
}

TEST(Fingerprint, OtherFunctionIsAnotherEdgeOfTheSameCycle) {
  Finding a = inversion(10, "f"), b = inversion(10, "h");
  identify(a);
  identify(b);
  EXPECT_EQ(a.fingerprint, b.fingerprint);
  EXPECT_NE(a.edgeKeys, b.edgeKeys);
}

TEST(Fingerprint, OtherFunctionIsAnotherLeak) {
  Finding a = single(rule::LockLeak, StepKind::Acquire, "m", 5, "f");
  Finding b = single(rule::LockLeak, StepKind::Acquire, "m", 5, "g");
  Finding c = single(rule::LockLeak, StepKind::Acquire, "m", 77, "f(int)");
  EXPECT_NE(fingerprintOf(a), fingerprintOf(b));
  EXPECT_EQ(fingerprintOf(a), fingerprintOf(c));
}

TEST(Fingerprint, OtherRuleIsAnother) {
  EXPECT_NE(fingerprintOf(single(rule::LockLeak, StepKind::Acquire, "m", 5, "f")),
            fingerprintOf(single(rule::ReleaseWithoutAcquire, StepKind::Acquire, "m", 5, "f")));
}

TEST(Fingerprint, RaceIsAboutItsVariable) {
  Finding a = single(rule::DataRace, StepKind::Write, "counter", 5, "f");
  Finding b = single(rule::DataRace, StepKind::Read, "counter", 9, "g");
  b.subjects.push_back(lock("m"));
  b.participants.push_back({"", {at(StepKind::Acquire, 1, 8, "g")}});
  EXPECT_EQ(fingerprintOf(a), fingerprintOf(b));
}

TEST(Fingerprint, IdentifyTwiceChangesNothing) {
  Random random(7);
  for (int i = 0; i < 50; ++i) {
    Finding f = random.finding(), g = f;
    identify(g);
    EXPECT_EQ(f.fingerprint, g.fingerprint);
    EXPECT_EQ(f.edgeKeys, g.edgeKeys);
  }
}
