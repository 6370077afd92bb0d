// SPDX-License-Identifier: MIT
//
// Reading damaged traces: a file cut anywhere, bytes changed anywhere. Never a crash; what comes before the
// damage is read; what is lost is told.
// LINK: gordian_trace
#include "trace_builder.h"

#include "trace/replay.h"

#include <gtest/gtest.h>
#include <random>

using namespace gordian;
using namespace gordian::test;

namespace {

llvm::Expected<TraceFile> parse(const std::string &bytes) {
  return TraceFile::parse(llvm::MemoryBuffer::getMemBufferCopy(bytes, "test.trace"));
}

/// Something of everything.
TraceBuilder sample() {
  TraceBuilder t;
  t.thread(1, 0, 0);
  t.thread(2, 1, 1, t.place("/src/a.c", "main", 40));
  t.thread(3, 1, 2, t.place("/src/a.c", "main", 41));
  t.add(RecordKind::ThreadName, ThreadNameRecord{{}, 2, 6, 0}, "worker");
  Ref a = t.lock("a"), b = t.lock("b"), cv = t.lock("ready", ObjectKind::Condition);
  Ref ra = t.node(2, a, kNoRef, t.place("/src/a.c", "first", 10), 1);
  Ref rb = t.node(2, b, ra, t.place("/src/a.c", "first", 11), 1);
  Ref sb = t.node(3, b, kNoRef, t.place("/src/a.c", "second", 20), 1);
  Ref sa = t.node(3, a, sb, t.place("/src/a.c", "second", 21), 1);
  t.instance(rb, 1, {1, 1});
  t.instance(sa, 1, {2, 2});
  t.order(OrderKind::Join, 1, 3, 2, 1);
  OperationRecord wait{};
  wait.thread = 2;
  wait.object = cv;
  wait.other = a;
  wait.context = t.place("/src/a.c", "first", 12);
  wait.firstEpoch = 1;
  wait.kind = OperationKind::ConditionWait;
  t.operation(wait);
  MisuseRecord misuse{};
  misuse.thread = 3;
  misuse.lock = b;
  misuse.node = sb;
  misuse.context = t.place("/src/a.c", "second", 22);
  t.add(RecordKind::Misuse, misuse, "", uint8_t(MisuseKind::Relock));
  t.add(RecordKind::Held, HeldRecord{{}, 3, sb, kNoRef, b, 1}, "", uint8_t(HeldKind::ThreadReturn));
  DeadlockParticipant p1{
      2, 1002, ObjectKind::Mutex, trace::Mode::Exclusive, 0, 0, b, 0, t.place("/src/a.c", "first", 11), 1,
      0, 0};
  DeadlockHeld h1{a, t.place("/src/a.c", "first", 10), trace::Mode::Exclusive, 0, {}};
  DeadlockParticipant p2{
      3, 1003, ObjectKind::Mutex, trace::Mode::Exclusive, 0, 0, a, 0, t.place("/src/a.c", "second", 21), 1,
      0, 0};
  DeadlockHeld h2{b, t.place("/src/a.c", "second", 20), trace::Mode::Exclusive, 0, {}};
  std::string tail;
  auto put = [&](const auto &x) { tail.append(reinterpret_cast<const char *>(&x), sizeof x); };
  put(p1), put(h1), put(p2), put(h2);
  t.add(RecordKind::Deadlock, DeadlockRecord{{}, 2, 0}, tail, uint8_t(DeadlockKind::Cycle));
  return t;
}

facts::Facts replayed(TraceFile file) {
  Symbolizer symbolizer;
  std::vector<TraceFile> files;
  files.push_back(std::move(file));
  return replay(std::move(files), symbolizer);
}

} // namespace

TEST(TraceReader, WholeFile) {
  TraceFile file = sample().file();
  EXPECT_FALSE(file.damage().any());
  EXPECT_EQ(file.all(RecordKind::Node).size(), 4u);
  EXPECT_EQ(file.all(RecordKind::ThreadStart).size(), 3u);
  EXPECT_TRUE(lossesOf(file).empty());
}

TEST(TraceReader, WhatIsNoTraceSaysSo) {
  for (const std::string &bytes : {std::string(), std::string("{}"), std::string(5000, 'x')}) {
    auto file = parse(bytes);
    ASSERT_FALSE(bool(file));
    EXPECT_NE(llvm::toString(file.takeError()).find("not a gordian trace"), std::string::npos);
  }
  TraceBuilder t = sample();
  t.header.version = kVersion + 1;
  auto file = parse(t.image());
  ASSERT_FALSE(bool(file));
  EXPECT_NE(llvm::toString(file.takeError()).find("another version"), std::string::npos);
}

TEST(TraceReader, ReferencesAreChecked) {
  TraceFile file = sample().file();
  Ref node = file.all(RecordKind::Node)[0];
  EXPECT_NE(file.get<NodeRecord>(node, RecordKind::Node), nullptr);
  EXPECT_EQ(file.get<LockRecord>(node, RecordKind::Lock), nullptr);     // another kind
  EXPECT_EQ(file.get<NodeRecord>(node + 1, RecordKind::Node), nullptr); // inside a record
  EXPECT_EQ(file.get<NodeRecord>(kNoRef, RecordKind::Node), nullptr);
  EXPECT_EQ(file.get<NodeRecord>(~0u, RecordKind::Node), nullptr);
}

TEST(TraceReader, PendingRecordsAreSkipped) {
  TraceBuilder t = sample();
  TraceFile before = t.file();
  Ref middle = before.all(RecordKind::Node)[1];
  t.at<RecordHeader>(middle)->kind = RecordKind::Pending;
  TraceFile file = t.file();
  EXPECT_EQ(file.all(RecordKind::Node).size(), 3u);
  EXPECT_EQ(file.damage().pendingRecords, 1u);
  EXPECT_FALSE(file.damage().any()); // a killed process is no damage
}

TEST(TraceReader, CutAnywhereReadsUpToTheDamage) {
  TraceBuilder t = sample();
  std::string whole = t.image();
  size_t end =
      whole.size() - kChunkSize + size_t(t.file().all(RecordKind::Deadlock).back()) * 8 % kChunkSize + 256;
  size_t last = 0;
  for (size_t size = kChunkBase; size < end; size += 8) {
    auto file = parse(whole.substr(0, size));
    ASSERT_TRUE(bool(file));
    size_t records = 0;
    for (int kind = 0; kind < 256; ++kind)
      records += file->all(RecordKind(kind)).size();
    EXPECT_GE(records, last);
    last = records;
    if (file->damage().any())
      EXPECT_FALSE(lossesOf(*file).empty());
    replayed(std::move(*file));
  }
  EXPECT_GT(last, 20u);
  for (size_t size = 0; size < sizeof(FileHeader); size += 16)
    EXPECT_FALSE(bool(parse(whole.substr(0, size))));
}

TEST(TraceReader, ChangedBytesNeverCrash) {
  std::mt19937 random(7);
  std::string whole = sample().image();
  size_t used = 4096; // of the one chunk
  for (int round = 0; round < 1500; ++round) {
    std::string bytes = whole;
    for (int i = 0; i < 1 + round % 8; ++i) {
      size_t at = random() % 4 ? kChunkBase + random() % used : random() % sizeof(FileHeader);
      bytes[at] = char(random());
    }
    auto file = parse(bytes);
    if (file)
      replayed(std::move(*file));
    else
      llvm::consumeError(file.takeError());
  }
}

TEST(TraceReader, SharedRecordsInDifferentChunks) {
  TraceBuilder t;
  t.thread(1, 0, 0);
  Ref a = t.lock("a");
  for (int i = 0; i < 5000; ++i) // several chunks
    t.node(1, a, kNoRef, kNoRef, 1);
  TraceFile file = t.file();
  EXPECT_GT(file.header().chunks, 2u);
  EXPECT_EQ(file.all(RecordKind::Node).size(), 5000u);
  EXPECT_FALSE(file.damage().any());
}
