// SPDX-License-Identifier: MIT
// LINK: gordian_checks
//
// data-race from facts: the inferred guard, and who breaks the habit; bug and safe twins.
#include "testcases/unit/facts_builder.h"

#include <gtest/gtest.h>

using namespace gordian;
using namespace gordian::test;

static std::vector<Finding> races(const FactsBuilder &b) {
  return b.findings("data-race");
}

static std::string messageOf(const FactsBuilder &b) {
  std::vector<Finding> found = races(b);
  return found.size() == 1 ? found[0].message : std::to_string(found.size()) + " findings";
}

TEST(DataRace, Observed) {
  FactsBuilder b;
  b.facts.evidence = Evidence::Observed;
  ObservedRace r;
  r.variable = {"counter", "counter", "int", {}};
  r.first = {"thread T1", b.at("bump", StepKind::Write)};
  r.second = {"main thread", b.at("print", StepKind::Read)};
  r.first.steps[0].subject = r.second.steps[0].subject = 0;
  b.facts.races.push_back(r);
  std::vector<Finding> found = races(b);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].message,
            "`bump` writes `counter` while `print` reads it in another thread, and nothing orders them");
  EXPECT_EQ(found[0].level, Level::Error);
  EXPECT_EQ(found[0].evidence, Evidence::Observed);
}

// Three guarded accesses and one that is not.
static FactsBuilder threeOfFour() {
  FactsBuilder b;
  b.write("add", "size", {"m"});
  b.write("drop", "size", {"m"});
  b.read("empty", "size", {"m"});
  b.read("count", "size");
  return b;
}

TEST(DataRace, BreaksTheHabit) {
  FactsBuilder b = threeOfFour();
  std::vector<Finding> found = races(b);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].message,
            "`count` reads `size` without `m`, which guards 3 of its 4 accesses, while `add` writes it "
            "in another thread");
  EXPECT_EQ(found[0].level, Level::Warning);
  EXPECT_EQ(found[0].location.line, 7u);
  EXPECT_EQ(found[0].participants.size(), 2u);
}

TEST(DataRace, AllGuarded) {
  FactsBuilder b = threeOfFour();
  b.facts.accesses.pop_back();
  b.read("count", "size", {"m", "n"});
  EXPECT_TRUE(races(b).empty());
}

TEST(DataRace, NeverConcurrent) {
  FactsBuilder b = threeOfFour();
  for (const char *f : {"add", "drop", "empty"})
    b.apart("count", f); // as in a constructor's thread before the others start
  EXPECT_TRUE(races(b).empty());
}

TEST(DataRace, OnlyReadersConflictWithNobody) {
  FactsBuilder b;
  b.read("f", "limit", {"m"});
  b.read("g", "limit", {"m"});
  b.read("h", "limit", {"m"});
  b.read("i", "limit");
  EXPECT_TRUE(races(b).empty());
}

TEST(DataRace, AtomicsMayBeUnguarded) {
  FactsBuilder b;
  for (const char *f : {"f", "g", "h"})
    b.write(f, "hits", {"m"}).atomic = true;
  b.write("i", "hits").atomic = true;
  EXPECT_TRUE(races(b).empty());
  b.facts.accesses.back().atomic = false; // memset over an atomic
  EXPECT_EQ(races(b).size(), 1u);
}

TEST(DataRace, TooFewToBeAHabit) {
  FactsBuilder b;
  b.write("f", "x", {"m"});
  b.write("g", "x");
  b.read("h", "x");
  EXPECT_TRUE(races(b).empty());
}

TEST(DataRace, GuardOfTheSameObjectNeedsLess) {
  FactsBuilder b;
  b.facts.variables.reserve(4);
  b.variable("C::x");
  b.facts.variables[0].manyInstances = true;
  b.lockOf("C::m").manyInstances = true;
  for (const char *f : {"f", "g"}) {
    Access &a = b.write(f, "C::x", {"C::m"});
    a.object = a.held[0].object = 1;
  }
  b.write("h", "C::x").object = 1;
  EXPECT_EQ(races(b).size(), 1u);
  for (Access &a : b.facts.accesses)
    for (Held &h : a.held)
      h.object = 2; // somebody else's mutex
  EXPECT_TRUE(races(b).empty());
}

TEST(DataRace, DoubleChecked) {
  FactsBuilder b;
  b.read("instance", "instance_");
  b.read("instance", "instance_", {"m"});
  b.write("instance", "instance_", {"m"});
  EXPECT_EQ(messageOf(b),
            "`instance` reads `instance_` before it acquires `m`, under which `instance` writes it: "
            "double-checked locking needs an atomic variable");
  EXPECT_EQ(races(b).at(0).location.line, 1u);
  b.facts.accesses[0].atomic = true;
  b.facts.accesses[1].atomic = true;
  b.facts.accesses[2].atomic = true;
  EXPECT_TRUE(races(b).empty());
}

TEST(DataRace, MadeOnceUnderTheLock) {
  FactsBuilder b; // lock(); if (!instance) instance = new ...; unlock(); return instance;
  b.read("instance", "instance_", {"m"});
  b.write("instance", "instance_", {"m"});
  b.read("instance", "instance_");
  EXPECT_TRUE(races(b).empty());
  b.write("reset", "instance_", {"m"}); // not once
  b.read("get", "instance_", {"m"});
  EXPECT_EQ(races(b).size(), 1u);
}

TEST(DataRace, WriteUnderASharedLock) {
  FactsBuilder b;
  b.lock("m", LockKind::SharedMutex);
  b.read("find", "cache", {"m:r"});
  b.write("fill", "cache", {"m:r"});
  b.write("set", "cache", {"m"});
  EXPECT_EQ(messageOf(b),
            "`fill` writes `cache` while holding `m` shared only: other readers are inside too");
  b.facts.accesses[1].held[0].mode = Mode::Exclusive;
  EXPECT_TRUE(races(b).empty());
}

TEST(DataRace, DifferentLocks) {
  FactsBuilder b;
  b.write("f", "x", {"m"});
  b.write("g", "x", {"n"});
  EXPECT_EQ(messageOf(b),
            "`x` is guarded by `m` in `f` but by `n` in `g`: the two do not exclude each other");
  FactsBuilder common; // the writer holds both, each reader one of them
  common.write("f", "x", {"m", "n"});
  common.read("g", "x", {"m"});
  common.read("h", "x", {"n"});
  EXPECT_TRUE(races(common).empty());
}

TEST(DataRace, TwoCertainThreadsNeedNoHabit) {
  FactsBuilder b;
  b.write("integrate", "finished");
  b.read("main", "finished");
  EXPECT_TRUE(races(b).empty());
  b.apart("integrate", "main", Concurrency::Proved);
  EXPECT_EQ(messageOf(b),
            "`integrate` writes `finished` while `main` reads it in another thread, and no lock is held "
            "by both");
}

TEST(DataRace, OneFunctionInTwoCertainThreads) {
  FactsBuilder b;
  b.write("work", "counter");
  b.apart("work", "work", Concurrency::Proved);
  EXPECT_EQ(races(b).size(), 1u);
  b.variable("counter");
  b.facts.variables[0].manyInstances = true; // each thread may count its own
  EXPECT_TRUE(races(b).empty());
}

TEST(DataRace, HandedOver) {
  auto program = [](unsigned give, unsigned take, uint64_t taken) {
    FactsBuilder b;
    b.line = 10;
    b.write("produce", "data");
    b.read("consume", "data");
    b.apart("produce", "consume", Concurrency::Proved);
    b.facts.handOvers.push_back({"produce", 7, true, {"/src/program.cpp", give, 3}});
    b.facts.handOvers.push_back({"consume", taken, false, {"/src/program.cpp", take, 3}});
    return b;
  };
  EXPECT_TRUE(races(program(10, 11, 7)).empty());
  EXPECT_EQ(races(program(9, 11, 7)).size(), 1u);  // given before it is written
  EXPECT_EQ(races(program(10, 12, 7)).size(), 1u); // taken after it was read
  EXPECT_EQ(races(program(10, 11, 8)).size(), 1u); // another one is taken
}

TEST(DataRace, HelperCalledBothWays) {
  FactsBuilder b; // one site, reached with the lock and without it
  b.write("charge", "total", {"m"}).held[0].acquired.back().function = "spend";
  Access bare = b.facts.accesses[0];
  bare.held.clear();
  bare.context = b.context("reset");
  b.write("add", "total", {"m"});
  b.read("get", "total", {"m"});
  b.facts.accesses.push_back(bare);
  EXPECT_EQ(races(b).size(), 1u);
}

TEST(DataRace, LockedUnlessTheCallerDid) {
  FactsBuilder b; // if (!haveLock) lock(); bytes++; ...
  b.write("zoneBytes", "bytes", {"m"});
  Access bare = b.facts.accesses[0];
  bare.held.clear();
  b.write("shrink", "bytes", {"m"});
  b.read("size", "bytes", {"m"});
  b.facts.accesses.push_back(bare);
  EXPECT_TRUE(races(b).empty());
}

TEST(DataRace, OneFindingForEachVariable) {
  FactsBuilder b = threeOfFour();
  b.read("again", "size");
  b.write("worse", "size");
  for (const char *f : {"p", "q", "r", "s", "t"})
    b.write(f, "size", {"m"});
  std::vector<Finding> found = races(b);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].alternativesTotal, 2u);
}
