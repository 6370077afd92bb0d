// SPDX-License-Identifier: MIT
// LINK: gordian_checks
//
// Re-acquisition, bad release and leak from facts, bug and safe twins, and which of them stands for one
// defect.
#include "testcases/unit/facts_builder.h"

#include <gtest/gtest.h>

using namespace gordian;
using namespace gordian::test;

static const char *const kReacquire = "non-reentrant-reacquire";
static const char *const kRelease = "release-without-acquire";
static const char *const kLeak = "lock-leak";

TEST(NonReentrantReacquire, Relock) {
  FactsBuilder b;
  b.again("close", "m", "m").first.acquired.back().function = "~File";
  std::vector<Finding> found = b.findings(kReacquire);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].message,
            "`close` acquires `m`, which its thread already holds since `~File` and which is not "
            "re-entrant: the thread waits for itself for good");
  EXPECT_EQ(found[0].location.line, 2u);
  ASSERT_EQ(found[0].participants.size(), 1u);
  ASSERT_EQ(found[0].participants[0].steps.size(), 2u); // where it was taken, where it is asked for
  EXPECT_EQ(found[0].participants[0].steps[0].location.line, 1u);
}

TEST(NonReentrantReacquire, ByKind) {
  using Kind = Reacquire::Kind;
  struct {
    LockKind lock;
    Kind kind;
    bool blocking, writer, finds;
  } rows[] = {
      {LockKind::Mutex, Kind::Relock, true, true, true},
      {LockKind::Mutex, Kind::Relock, false, true, false}, // a probe
      {LockKind::RecursiveMutex, Kind::Relock, true, true, false},
      {LockKind::Unknown, Kind::Relock, true, true, false},
      {LockKind::ErrorCheckMutex, Kind::Relock, true, true, true},
      {LockKind::Spin, Kind::Relock, true, true, true},
      {LockKind::SharedMutex, Kind::Upgrade, true, false, true},
      {LockKind::RwLock, Kind::Upgrade, true, false, true},
      {LockKind::SharedMutex, Kind::SharedReentry, true, false, true},
      {LockKind::RwLock, Kind::SharedReentry, true, true, false},
      {LockKind::WriterRwLock, Kind::SharedReentry, true, true, true},
      {LockKind::WriterRwLock, Kind::SharedReentry, true, false, false}, // nobody writes
  };
  for (const auto &row : rows) {
    FactsBuilder b;
    b.lock("m", row.lock);
    Reacquire &r = b.again("f", "m", "m", row.kind);
    r.blocking = row.blocking;
    r.writerExists = row.writer;
    EXPECT_EQ(b.findings(kReacquire).size(), size_t(row.finds)) << int(row.lock) << " " << int(row.kind);
  }
}

TEST(NonReentrantReacquire, TimedOnesExpire) {
  FactsBuilder b;
  b.again("f", "m", "m").timed = true;
  EXPECT_NE(b.findings(kReacquire).at(0).message.find("can only time out"), std::string::npos);
}

TEST(NonReentrantReacquire, StandsForTheInversionOfTheSameLock) {
  FactsBuilder b;
  b.lockOf("m").manyInstances = true;
  b.again("f", "m", "m");
  b.take("f", {"m"}, "m").held[0].relation = Relation::Unknown;
  EXPECT_EQ(b.findings(kReacquire).size(), 1u);
  EXPECT_EQ(b.findings("lock-order-inversion").size(), 0u);
}

TEST(ReleaseWithoutAcquire, Kinds) {
  using Kind = BadRelease::Kind;
  struct {
    Kind kind;
    const char *spec, *message;
  } rows[] = {
      {Kind::NeverAcquired, "m", "`f` releases `m`, which its thread does not hold"},
      {Kind::ReleasedTwice, "m", "`f` releases `m` a second time"},
      {Kind::OtherThread, "m", "`f` releases `m`, which another thread holds"},
      {Kind::WrongMode, "m:r", "`f` releases `m` as shared, but it is held exclusive"},
  };
  for (const auto &row : rows) {
    FactsBuilder b;
    BadRelease &r = b.badRelease("f", row.kind, row.spec);
    r.earlier = b.at("g", StepKind::Release, r.lock);
    std::vector<Finding> found = b.findings(kRelease);
    ASSERT_EQ(found.size(), 1u);
    EXPECT_EQ(found[0].message, row.message);
    EXPECT_EQ(found[0].location.line, 1u); // the release first
    ASSERT_EQ(found[0].related.size(), 1u);
    EXPECT_EQ(found[0].related[0].location.line, 2u);
    EXPECT_EQ(found[0].related[0].kind,
              row.kind == Kind::ReleasedTwice ? StepKind::Release : StepKind::Acquire);
  }
}

TEST(ReleaseWithoutAcquire, InsideAMisusedWaitIsTheWait) {
  FactsBuilder b;
  Wait &w = b.wait("f", 1, "m");
  w.mutexHeld = false;
  b.badRelease("f", BadRelease::Kind::NeverAcquired, "m").witness = w.witness;
  EXPECT_EQ(b.findings(kRelease).size(), 0u);
  EXPECT_EQ(b.findings("condition-misuse").size(), 1u);
}

TEST(LockLeak, AcquisitionFirst) {
  FactsBuilder b;
  b.leave("put", HeldAtExit::Kind::Return, "m");
  std::vector<Finding> found = b.findings(kLeak);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].level, Level::Warning);
  EXPECT_EQ(found[0].message, "`put` returns with `m` held: nobody releases it");
  EXPECT_EQ(found[0].location.line, 1u);
  EXPECT_EQ(found[0].participants.at(0).steps.back().kind, StepKind::Exit);
}

TEST(LockLeak, OneFindingForEachFunction) {
  FactsBuilder b;
  HeldAtExit first = b.leave("put", HeldAtExit::Kind::Return, "m");
  b.leave("put", HeldAtExit::Kind::Return, "m").held = first.held; // a second way out
  b.leave("get", HeldAtExit::Kind::Throw, "m");
  std::vector<Finding> found = b.findings(kLeak);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].alternativesTotal + found[1].alternativesTotal, 1u);
}

TEST(LockLeak, ReleaseOfTheWrongLockStandsForIt) {
  FactsBuilder b;
  b.badRelease("f", BadRelease::Kind::NeverAcquired, "other");
  b.leave("f", HeldAtExit::Kind::Return, "m");
  EXPECT_EQ(b.findings(kLeak).size(), 0u);
  EXPECT_EQ(b.findings(kRelease).size(), 1u);
}

TEST(LockLeak, StandsForReacquisitionsByLaterCallers) {
  FactsBuilder b;
  HeldAtExit &leak = b.leave("put", HeldAtExit::Kind::Return, "m");
  Reacquire &r = b.again("get", "m", "m");
  r.first.acquired = leak.held.acquired;
  EXPECT_EQ(b.findings(kLeak).size(), 1u);
  EXPECT_EQ(b.findings(kReacquire).size(), 0u);
}

TEST(LockLeak, DestroyedWhileHeld) {
  FactsBuilder b;
  b.leave("drop", HeldAtExit::Kind::Destroy, "m");
  std::vector<Finding> found = b.findings(kLeak);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].message, "`drop` destroys `m` while it is held");
  EXPECT_EQ(found[0].participants.at(0).steps.back().kind, StepKind::Destroy);
}
