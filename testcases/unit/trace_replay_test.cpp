// SPDX-License-Identifier: MIT
//
// Records -> facts, case by case. Places are given by name, so that no binary is needed.
// LINK: gordian_trace
#include "trace_builder.h"

#include "trace/recording.h"
#include "trace/replay.h"

#include <gtest/gtest.h>

using namespace gordian;
using namespace gordian::test;

namespace {

struct Recorded {
  TraceBuilder t;
  Recorded() {
    t.thread(1, 0, 0);
    t.thread(2, 1, 1);
    t.thread(3, 1, 2);
  }
  Ref at(const std::string &function, uint32_t line) { return t.place("/src/a.c", function, line); }
  facts::Facts facts() {
    Symbolizer symbolizer;
    std::vector<TraceFile> files;
    files.push_back(t.file());
    return replay(std::move(files), symbolizer);
  }
  OperationRecord operation(OperationKind kind, ThreadIndex thread, Ref object, Ref context) {
    OperationRecord r{};
    r.kind = kind;
    r.thread = thread;
    r.object = object;
    r.context = context;
    r.firstEpoch = 1;
    return r;
  }
};

} // namespace

TEST(TraceReplay, AbbaGivesTwoAcquiresWithWitnesses) {
  Recorded run;
  Ref a = run.t.lock("a"), b = run.t.lock("b"), c = run.t.lock("elsewhere");
  run.t.node(2, b, run.t.node(2, a, kNoRef, run.at("first", 10), 1), run.at("first", 11), 1);
  run.t.node(3, a, run.t.node(3, b, kNoRef, run.at("second", 20), 1), run.at("second", 21), 1);
  run.t.node(3, c, kNoRef, run.at("third", 30), 1);
  facts::Facts facts = run.facts();
  size_t nested = 0;
  for (const facts::Acquire &acquire : facts.acquires) {
    EXPECT_NE(facts.locks[acquire.lock].subject.name, "elsewhere"); // on no cycle
    if (acquire.held.empty())
      continue;
    ++nested;
    ASSERT_EQ(acquire.witness.size(), 1u);
    bool first = acquire.function == "first";
    EXPECT_EQ(acquire.witness[0].location, (Location{"/src/a.c", first ? 11u : 21u, 0}));
    ASSERT_EQ(acquire.held[0].acquired.size(), 1u);
    EXPECT_EQ(acquire.held[0].acquired[0].location, (Location{"/src/a.c", first ? 10u : 20u, 0}));
    EXPECT_EQ(facts.locks[acquire.lock].subject.name, first ? "b" : "a");
  }
  EXPECT_EQ(nested, 2u);
  EXPECT_EQ(facts.evidence, Evidence::Observed);
  ASSERT_TRUE(facts.order);
}

TEST(TraceReplay, HandOverHandPathHoldsWhatIsHeld) {
  // a, b, release a, c: the synthetic node stands for b alone, so c is taken under b and not under a.
  Recorded run;
  Ref a = run.t.lock("a"), b = run.t.lock("b"), c = run.t.lock("c");
  Ref na = run.t.node(2, a, kNoRef, run.at("walk", 1), 1);
  run.t.node(2, b, na, run.at("walk", 2), 1);
  Ref alone = run.t.node(2, b, kNoRef, run.at("walk", 2), 1, kNodeSynthetic);
  run.t.node(2, c, alone, run.at("walk", 3), 1);
  run.t.node(3, a, run.t.node(3, c, kNoRef, run.at("back", 4), 1), run.at("back", 5), 1);
  for (const facts::Acquire &acquire : run.facts().acquires)
    if (acquire.function == "walk" && acquire.witness[0].location.line == 3)
      EXPECT_EQ(acquire.held.size(), 1u);
}

TEST(TraceReplay, TryAndTimedAreNoRequests) {
  Recorded run;
  Ref a = run.t.lock("a"), b = run.t.lock("b");
  run.t.node(2, b, run.t.node(2, a, kNoRef, run.at("first", 10), 1), run.at("first", 11), 1);
  run.t.node(3, a, run.t.node(3, b, kNoRef, run.at("second", 20), 1), run.at("second", 21), 1, kNodeTry);
  EXPECT_TRUE(run.facts().acquires.empty()); // no way back from b to a
}

TEST(TraceReplay, SemaphoreThatIsNoLockIsNotHeld) {
  for (uint32_t state : {0u, uint32_t(kLockLike)}) {
    Recorded run;
    Ref s = run.t.lock("units", ObjectKind::Semaphore, state), b = run.t.lock("b");
    run.t.node(2, b, run.t.node(2, s, kNoRef, run.at("first", 10), 1), run.at("first", 11), 1);
    run.t.node(3, s, run.t.node(3, b, kNoRef, run.at("second", 20), 1), run.at("second", 21), 1);
    EXPECT_EQ(run.facts().acquires.empty(), state == 0);
  }
}

TEST(TraceReplay, Misuses) {
  Recorded run;
  Ref a = run.t.lock("a");
  Ref held = run.t.node(2, a, kNoRef, run.at("outer", 5), 1);
  auto misuse = [&](MisuseKind kind, uint32_t line, Ref node, uint8_t flags = 0) {
    MisuseRecord r{};
    r.thread = 2;
    r.lock = a;
    r.node = node;
    r.context = run.at("inner", line);
    r.flags = flags;
    run.t.add(RecordKind::Misuse, r, "", uint8_t(kind));
  };
  misuse(MisuseKind::Relock, 7, held);
  misuse(MisuseKind::Upgrade, 8, held, kNodeTimed);
  misuse(MisuseKind::ReleaseNotHeld, 9, kNoRef);
  misuse(MisuseKind::ReleaseOther, 10, held);
  misuse(MisuseKind::DestroyHeld, 11, held);
  misuse(MisuseKind::OwnerDead, 12, kNoRef);
  facts::Facts facts = run.facts();
  ASSERT_EQ(facts.reacquires.size(), 2u);
  EXPECT_EQ(facts.reacquires[0].kind, facts::Reacquire::Kind::Relock);
  EXPECT_EQ(facts.reacquires[0].first.acquired[0].location.line, 5u);
  EXPECT_EQ(facts.reacquires[0].witness.back().location.line, 7u);
  EXPECT_TRUE(facts.reacquires[1].timed);
  ASSERT_EQ(facts.badReleases.size(), 2u);
  EXPECT_EQ(facts.badReleases[0].kind, facts::BadRelease::Kind::NeverAcquired);
  EXPECT_EQ(facts.badReleases[1].kind, facts::BadRelease::Kind::OtherThread);
  EXPECT_EQ(facts.badReleases[1].earlier[0].location.line, 5u);
  ASSERT_EQ(facts.heldAtExits.size(), 1u);
  EXPECT_EQ(facts.heldAtExits[0].kind, facts::HeldAtExit::Kind::Destroy);
}

TEST(TraceReplay, SharedReentryOfNodes) {
  Recorded run;
  Ref rw = run.t.lock("rw", ObjectKind::WriterRwLock);
  Ref outer = run.t.node(2, rw, kNoRef, run.at("outer", 5), 1, kNodeShared);
  run.t.node(2, rw, outer, run.at("inner", 6), 1, kNodeShared);
  run.t.node(3, rw, kNoRef, run.at("writer", 9), 1);
  facts::Facts facts = run.facts();
  ASSERT_EQ(facts.reacquires.size(), 1u);
  EXPECT_EQ(facts.reacquires[0].kind, facts::Reacquire::Kind::SharedReentry);
  EXPECT_TRUE(facts.reacquires[0].writerExists);
}

TEST(TraceReplay, LeaksAndWhatMayStayHeld) {
  struct Case {
    ObjectKind kind;
    uint32_t state;
    HeldKind how;
    bool leak;
  };
  const Case cases[] = {
      {ObjectKind::Mutex, 0, HeldKind::ThreadReturn, true},
      {ObjectKind::Mutex, 0, HeldKind::ThreadCancelled, true},
      {ObjectKind::Mutex, 0, HeldKind::ProcessExit, true},
      {ObjectKind::Mutex, 0, HeldKind::ProcessExitOther, false},
      {ObjectKind::Mutex, kLockReleasedByOther, HeldKind::ThreadReturn, false},
      {ObjectKind::Once, 0, HeldKind::ProcessExit, false},
      {ObjectKind::Semaphore, kLockLike, HeldKind::ThreadReturn, false}, // taken once: may be a token
  };
  for (const Case &c : cases) {
    Recorded run;
    Ref a = run.t.lock("a", c.kind, c.state);
    Ref node = run.t.node(2, a, kNoRef, run.at("taker", 5), 1);
    run.t.add(RecordKind::Held, HeldRecord{{}, 2, node, kNoRef, a, 1}, "", uint8_t(c.how));
    EXPECT_EQ(run.facts().heldAtExits.size(), c.leak ? 1u : 0u) << int(c.kind) << " " << int(c.how);
  }
}

TEST(TraceReplay, ExitInsideTheCriticalSectionIsNoLeak) {
  for (bool inside : {true, false}) {
    Recorded run;
    Ref a = run.t.lock("a");
    Ref node = run.t.node(1, a, kNoRef, run.at("update", 5), 1);
    Ref exit = run.at(inside ? "update" : "main", 9);
    run.t.add(RecordKind::Held, HeldRecord{{}, 1, node, exit, a, 1}, "", uint8_t(HeldKind::ProcessExit));
    EXPECT_EQ(run.facts().heldAtExits.empty(), inside);
  }
}

TEST(TraceReplay, ConditionWithTwoMutexesAtOneTimeOrInTwoPhases) {
  for (bool apart : {false, true}) {
    Recorded run;
    Ref m = run.t.lock("m"), n = run.t.lock("n"), cv = run.t.lock("cv", ObjectKind::Condition);
    OperationRecord first = run.operation(OperationKind::ConditionWait, 2, cv, run.at("first", 10));
    first.other = m;
    OperationRecord second = run.operation(OperationKind::ConditionWait, 3, cv, run.at("second", 20));
    second.other = n;
    run.t.operation(first);
    run.t.operation(second);
    if (apart)
      run.t.order(OrderKind::Join, 1, 2, 2, 1); // before thread 3 is created
    facts::Facts facts = run.facts();
    ASSERT_EQ(facts.waits.size(), 2u);
    EXPECT_EQ(facts.waits[0].conditionId != facts.waits[1].conditionId, apart);
  }
}

TEST(TraceReplay, WaitWithASecondLockAndWhatTheNotifierNeeds) {
  Recorded run;
  Ref m = run.t.lock("m"), outer = run.t.lock("outer"), cv = run.t.lock("cv", ObjectKind::Condition);
  Ref held = run.t.node(2, outer, kNoRef, run.at("waiter", 10), 1);
  OperationRecord wait = run.operation(OperationKind::ConditionWait, 2, cv, run.at("waiter", 12));
  wait.other = m;
  wait.held = held;
  run.t.operation(wait);
  run.t.node(3, outer, kNoRef, run.at("notifier", 20), 1);
  run.t.node(3, outer, kNoRef, run.at("notifier", 30), 1); // after the notify: not needed for it
  run.t.operation(run.operation(OperationKind::Signal, 3, cv, run.at("notifier", 25)));
  facts::Facts facts = run.facts();
  ASSERT_EQ(facts.waits.size(), 1u);
  ASSERT_EQ(facts.waits[0].others.size(), 1u);
  ASSERT_EQ(facts.notifies.size(), 1u);
  ASSERT_EQ(facts.notifies[0].needed.size(), 1u);
  EXPECT_EQ(facts.notifies[0].needed[0].acquired[0].location.line, 20u);
}

TEST(TraceReplay, JoinUnderALockThatTheThreadNeeds) {
  for (bool over : {false, true}) {
    Recorded run;
    Ref m = run.t.lock("m");
    run.t.node(2, m, kNoRef, run.at("worker", 20), 1);
    Ref held = run.t.node(1, m, kNoRef, run.at("main", 10), over ? 5 : 2);
    if (over)
      run.t.order(OrderKind::Condition, 1, 4, 2, 1); // it told that it was done with the lock
    OperationRecord join = run.operation(OperationKind::Join, 1, kNoRef, run.at("main", 11));
    join.other = 2;
    join.held = held;
    join.firstEpoch = over ? 5 : 2;
    run.t.operation(join);
    facts::Facts facts = run.facts();
    ASSERT_EQ(facts.blocks.size(), over ? 0u : 1u);
    if (!over)
      EXPECT_EQ(facts.blocks[0].awaited[0].witness.back().location.line, 20u);
  }
}

TEST(TraceReplay, PostBeforeTheLockIsNoObstacle) {
  for (Epoch post : {1u, 2u}) {
    Recorded run;
    Ref m = run.t.lock("m"), s = run.t.lock("s", ObjectKind::Semaphore);
    run.t.node(2, m, kNoRef, run.at("poster", 20), 2);
    OperationRecord answer = run.operation(OperationKind::SemaphorePost, 2, s, run.at("poster", 19));
    answer.firstEpoch = post;
    run.t.operation(answer);
    OperationRecord wait = run.operation(OperationKind::SemaphoreWait, 3, s, run.at("user", 11));
    wait.held = run.t.node(3, m, kNoRef, run.at("user", 10), 1);
    run.t.operation(wait);
    EXPECT_EQ(run.facts().blocks.size(), post == 1 ? 0u : 1u);
  }
}

TEST(TraceReplay, ForkedChildIsOrderedAfterTheFork) {
  // The parent is done with one order before it forks; the child uses the other one. No cycle across
  // processes anyway, and the child's own threads are concurrent.
  TraceBuilder parent(100), child(200);
  parent.thread(1, 0, 0);
  child.header.parentNonce = parent.header.nonce;
  child.header.forkThread = 1;
  child.header.forkEpoch = 3;
  child.thread(1, 0, 0);
  std::vector<TraceFile> files;
  files.push_back(parent.file());
  files.push_back(child.file());
  Recording recording(std::move(files));
  EXPECT_EQ(recording.order.before(recording.threadOf(1, 1), 1, recording.threadOf(0, 1), {}), 3u);
}

TEST(TraceReplay, ProcessSharedLocksAreOneAcrossProcesses) {
  std::vector<TraceFile> files;
  for (uint32_t pid : {100u, 200u}) {
    TraceBuilder t(pid);
    t.thread(1, 0, 0);
    Ref a = t.lock("a", ObjectKind::Mutex, 0, kLockProcessShared),
        b = t.lock("b", ObjectKind::Mutex, 0, kLockProcessShared);
    t.add(RecordKind::SharedLock, SharedLockRecord{{}, a, 1, 77, 0});
    t.add(RecordKind::SharedLock, SharedLockRecord{{}, b, 1, 77, 64});
    Ref first = pid == 100 ? a : b, second = pid == 100 ? b : a;
    t.node(1, second, t.node(1, first, kNoRef, t.place("/src/p.c", "f", 1), 1), t.place("/src/p.c", "f", 2),
           1);
    files.push_back(t.file());
  }
  Symbolizer symbolizer;
  facts::Facts facts = replay(std::move(files), symbolizer);
  EXPECT_EQ(facts.acquires.size(), 4u);
  EXPECT_EQ(facts.locks.size(), 2u);
}

TEST(TraceReplay, DeadlockAcrossProcessesFromWaitSlots) {
  std::vector<TraceFile> files;
  for (uint32_t pid : {100u, 200u}) {
    TraceBuilder t(pid);
    t.thread(1, 0, 0);
    Ref a = t.lock("a", ObjectKind::Mutex, 0, kLockProcessShared),
        b = t.lock("b", ObjectKind::Mutex, 0, kLockProcessShared);
    t.add(RecordKind::SharedLock, SharedLockRecord{{}, a, 1, 77, 0});
    t.add(RecordKind::SharedLock, SharedLockRecord{{}, b, 1, 77, 64});
    Ref held = t.node(1, pid == 100 ? a : b, kNoRef, t.place("/src/p.c", "f", 1), 1);
    WaitSlot slot{};
    slot.tid = pid;
    slot.thread = 1;
    slot.number = 5;
    slot.kind = ObjectKind::Mutex;
    slot.flags = kWaitShared;
    slot.object = pid == 100 ? b : a;
    slot.held = held;
    slot.context = t.place("/src/p.c", "f", 2);
    t.header.slotsUsed = 1;
    std::string image = t.image();
    std::memcpy(&image[kWaitTableOffset], &slot, sizeof slot);
    auto file = TraceFile::parse(llvm::MemoryBuffer::getMemBufferCopy(image, "p" + std::to_string(pid)));
    ASSERT_TRUE(bool(file));
    files.push_back(std::move(*file));
  }
  std::vector<SharedCycle> cycles = findSharedCycles(files);
  ASSERT_EQ(cycles.size(), 1u);
  Symbolizer symbolizer;
  facts::Facts facts = replay(std::move(files), symbolizer, cycles);
  ASSERT_EQ(facts.deadlocks.size(), 1u);
  ASSERT_EQ(facts.deadlocks[0].participants.size(), 2u);
  EXPECT_EQ(facts.deadlocks[0].participants[0].steps.size(), 2u); // holds, then waits
}
