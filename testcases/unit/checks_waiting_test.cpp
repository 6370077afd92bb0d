// SPDX-License-Identifier: MIT
// LINK: gordian_checks
//
// condition-misuse, blocking-under-lock and deadlock from facts, bug and safe twins.
#include "testcases/unit/facts_builder.h"

#include <gtest/gtest.h>

using namespace gordian;
using namespace gordian::test;

static const char *const kMisuse = "condition-misuse";
static const char *const kBlocking = "blocking-under-lock";

static std::string messageOf(const FactsBuilder &b, const char *rule = kMisuse) {
  std::vector<Finding> found = b.findings(rule);
  return found.size() == 1 ? found[0].message : std::to_string(found.size()) + " findings";
}

TEST(ConditionMisuse, GoodWait) {
  FactsBuilder b;
  b.wait("take", 1, "m");
  b.notify("put", 1, {"m"});
  b.notify("add", 1, {}, {"m"});
  EXPECT_TRUE(b.findings(kMisuse).empty());
}

TEST(ConditionMisuse, NoMutex) {
  FactsBuilder b;
  b.wait("take", 1, "");
  EXPECT_EQ(messageOf(b), "`take` waits for `cv1` without a mutex");
  FactsBuilder other;
  other.wait("take", 1, "tx").mutexHeld = false;
  EXPECT_EQ(messageOf(other), "`take` waits for `cv1` with `tx`, which its thread does not hold");
}

TEST(ConditionMisuse, TwoMutexes) {
  FactsBuilder b;
  b.wait("in", 1, "m");
  b.wait("out", 1, "n");
  EXPECT_EQ(messageOf(b),
            "`cv1` is waited for with `m` by `in` and with `n` by `out`: all waiters must use one mutex");
  FactsBuilder twoConditions;
  twoConditions.wait("in", 1, "m");
  twoConditions.wait("out", 2, "n");
  EXPECT_TRUE(twoConditions.findings(kMisuse).empty());
}

TEST(ConditionMisuse, OneMutexForEachInstance) {
  FactsBuilder b;
  b.wait("in", 1, "m").manyInstances = true;
  b.wait("out", 1, "n").manyInstances = true;
  EXPECT_TRUE(b.findings(kMisuse).empty());
  for (Wait &w : b.facts.waits)
    w.sameObject = true; // members of one object after all
  EXPECT_EQ(b.findings(kMisuse).size(), 1u);
}

TEST(ConditionMisuse, NestedMonitor) {
  FactsBuilder b;
  b.wait("take", 1, "m", {"outer"});
  b.notify("put", 1, {"m"}, {"outer", "m"});
  EXPECT_EQ(messageOf(b),
            "`take` waits for `cv1` while holding `outer`, which `put` must acquire before it can notify: "
            "the wait cannot end");
  Finding f = b.findings(kMisuse).at(0);
  EXPECT_EQ(f.participants.size(), 2u);
  EXPECT_EQ(f.subjects.at(0).name, "outer");
  b.notify("nudge", 1, {"m"}); // one who can notify without it
  EXPECT_TRUE(b.findings(kMisuse).empty());
}

TEST(ConditionMisuse, NestedWithoutKnownNotifier) {
  FactsBuilder b;
  b.wait("take", 1, "m", {"outer"});
  EXPECT_TRUE(b.findings(kMisuse).empty());
}

TEST(ConditionMisuse, NestedReaders) {
  FactsBuilder b;
  b.lock("outer", LockKind::RwLock);
  b.wait("take", 1, "m", {"outer:r"});
  b.notify("put", 1, {}, {"outer:r", "m"});
  EXPECT_TRUE(b.findings(kMisuse).empty());
  b.facts.notifies[0].needed[0].mode = Mode::Exclusive;
  EXPECT_EQ(b.findings(kMisuse).size(), 1u);
}

TEST(ConditionMisuse, EachNotifierNeedsAnotherOfTheHeldLocks) {
  FactsBuilder b;
  b.wait("take", 1, "m", {"x", "y"});
  b.notify("put", 1, {}, {"x"});
  b.notify("add", 1, {}, {"y"});
  EXPECT_EQ(b.findings(kMisuse).size(), 1u);
}

TEST(ConditionMisuse, NoLoop) {
  FactsBuilder b;
  b.wait("take", 1, "m").looped = false;
  EXPECT_EQ(messageOf(b),
            "`take` waits for `cv1` outside a loop that tests its predicate again: a spurious wake-up "
            "passes for a real one");
  b.facts.waits[0].timed = true; // a sleep that can be cut short
  EXPECT_TRUE(b.findings(kMisuse).empty());
}

TEST(ConditionMisuse, LostWakeup) {
  FactsBuilder b;
  b.wait("take", 1, "m").predicate = {b.variable("ready")};
  Notify &n = b.notify("put", 1);
  n.unguardedWrites.push_back({b.variable("ready"), b.at("put", StepKind::Write)});
  EXPECT_EQ(messageOf(b),
            "`put` changes `ready` without `m` before it notifies `cv1`: `take` can miss the wake-up");
  EXPECT_EQ(b.findings(kMisuse).at(0).location.line, 3u); // the write
}

TEST(ConditionMisuse, WriteBeforeTheMutexIsTaken) {
  FactsBuilder b;
  b.wait("take", 1, "m").predicate = {b.variable("ready")};
  std::vector<Step> write = b.at("put", StepKind::Write);
  b.notify("put", 1, {}, {"m"}).unguardedWrites.push_back({b.variable("ready"), write});
  EXPECT_TRUE(b.findings(kMisuse).empty()); // write; lock; unlock; notify
  b.facts.notifies.clear();
  b.notify("put", 1, {}, {"m"})
      .unguardedWrites.push_back({b.variable("ready"), b.at("put", StepKind::Write)});
  EXPECT_EQ(b.findings(kMisuse).size(), 1u); // lock; unlock; write; notify
  b.facts.notifies.clear();
  b.notify("put", 1, {"m"}).unguardedWrites.push_back({b.variable("ready"), b.at("put", StepKind::Write)});
  EXPECT_TRUE(b.findings(kMisuse).empty()); // notified under the mutex
}

TEST(ConditionMisuse, LostWakeupOfAnotherPredicate) {
  FactsBuilder b;
  b.wait("take", 1, "m").predicate = {b.variable("ready")};
  b.notify("put", 1).unguardedWrites.push_back({b.variable("statistics"), b.at("put", StepKind::Write)});
  EXPECT_TRUE(b.findings(kMisuse).empty());
}

TEST(ConditionMisuse, WrongMutexIsOneFinding) {
  FactsBuilder b; // not also "no loop", not also "two mutexes"
  Wait &w = b.wait("take", 1, "tx");
  w.mutexHeld = false;
  w.looped = false;
  b.wait("drain", 1, "rx");
  EXPECT_EQ(b.findings(kMisuse).size(), 1u);
}

TEST(BlockingUnderLock, AwaitedSideNeedsTheLock) {
  FactsBuilder b;
  b.block("get", Block::Kind::Future, {"m"});
  b.awaited("render", "m");
  EXPECT_EQ(messageOf(b, kBlocking),
            "`get` waits for the future `thing` while holding `m`, which `render` on the "
            "awaited side must acquire first: neither can go on");
  Finding f = b.findings(kBlocking).at(0);
  EXPECT_EQ(f.location.line, 2u); // the wait
  EXPECT_EQ(f.participants.size(), 2u);
  EXPECT_EQ(f.level, Level::Warning);
}

TEST(BlockingUnderLock, Safe) {
  FactsBuilder other;
  other.block("get", Block::Kind::Join, {"m"});
  other.awaited("work", "n"); // another lock
  EXPECT_TRUE(other.findings(kBlocking).empty());
  FactsBuilder tries;
  tries.block("get", Block::Kind::Join, {"m"});
  tries.awaited("work", "m", /*blocking=*/false);
  EXPECT_TRUE(tries.findings(kBlocking).empty());
  FactsBuilder readers;
  readers.lock("m", LockKind::RwLock);
  readers.block("get", Block::Kind::Join, {"m:r"});
  readers.awaited("work", "m:r");
  EXPECT_TRUE(readers.findings(kBlocking).empty());
  FactsBuilder nothing;
  nothing.block("get", Block::Kind::Join, {"m"});
  EXPECT_TRUE(nothing.findings(kBlocking).empty());
}

TEST(BlockingUnderLock, SurerWhereTheObjectIsKnown) {
  FactsBuilder b;
  b.lockOf("m").manyInstances = true;
  b.block("get", Block::Kind::Semaphore, {"m"});
  b.awaited("work", "m");
  EXPECT_LT(b.findings(kBlocking).at(0).rank(), 1);
  b.facts.blocks[0].held[0].object = b.facts.blocks[0].awaited[0].object = 1;
  EXPECT_DOUBLE_EQ(b.findings(kBlocking).at(0).rank(), 1);
}

static ObservedDeadlock observed(FactsBuilder &b) {
  ObservedDeadlock d;
  for (const char *name : {"a", "b"}) {
    d.locks.push_back(b.lock(name));
    d.subjects.push_back(b.lockOf(name).subject);
  }
  for (int t = 0; t < 2; ++t) {
    Participant p;
    p.name = "thread T" + std::to_string(t + 1);
    std::string function = t ? "g" : "f";
    p.steps = b.at(function, StepKind::Acquire);
    p.steps.push_back(b.at(function, StepKind::Request).front());
    p.steps[0].subject = t;
    p.steps[1].subject = 1 - t;
    d.participants.push_back(p);
  }
  return d;
}

TEST(Deadlock, Observed) {
  FactsBuilder b;
  b.facts.deadlocks.push_back(observed(b));
  std::vector<Finding> found = b.findings("deadlock");
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].message,
            "two threads block each other for good: thread T1 holds `a` and waits for `b` in `f`, "
            "thread T2 holds `b` and waits for `a` in `g`");
  EXPECT_EQ(found[0].level, Level::Error);
  EXPECT_EQ(found[0].evidence, Evidence::Confirmed);
}

TEST(Deadlock, StandsForTheInversion) {
  FactsBuilder b;
  b.facts.evidence = Evidence::Observed;
  b.facts.deadlocks.push_back(observed(b));
  b.take("f", {"a"}, "b");
  b.take("g", {"b"}, "a");
  EXPECT_EQ(b.findings("deadlock").size(), 1u);
  EXPECT_EQ(b.findings("lock-order-inversion").size(), 0u);
}
