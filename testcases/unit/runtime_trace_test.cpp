// SPDX-License-Identifier: MIT
// LINK: gordian_runtime_core
//
// The trace file: records of several threads are whole, and a file that is cut anywhere reads up to the
// damage.
#include "trace/writer.h"
#include "trace_folder.h"

#include <gtest/gtest.h>

#include <cstring>
#include <fstream>
#include <map>
#include <string>
#include <thread>
#include <vector>

using namespace gordian;
using namespace gordian::runtime;

namespace {

constexpr unsigned kThreads = 4, kRecords = 5000;

/// Walks the chunks as trace/format.h says; records of each kind. Never reads beyond the bytes given.
std::map<trace::RecordKind, unsigned> walk(const std::string &file) {
  std::map<trace::RecordKind, unsigned> kinds;
  trace::FileHeader h;
  if (file.size() < sizeof(h))
    return kinds;
  memcpy(&h, file.data(), sizeof(h));
  for (uint32_t c = 0; c < h.chunks; c++) {
    const uint64_t end = h.chunkBase + uint64_t(c + 1) * h.chunkSize;
    for (uint64_t at = end - h.chunkSize + sizeof(trace::ChunkHeader);
         at + 8 <= end && at + 8 <= file.size();) {
      trace::RecordHeader r;
      memcpy(&r, file.data() + at, sizeof(r));
      if (r.units == 0)
        break;
      if (at + trace::recordBytes(r) <= file.size())
        kinds[r.kind]++;
      at += trace::recordBytes(r);
    }
  }
  return kinds;
}

TEST(TraceFile, keepsWhatThreadsWriteAndSurvivesACut) {
  const TraceFolder folder;
  ASSERT_TRUE(traceFile.open(nullptr));
  std::vector<std::thread> threads;
  for (unsigned t = 0; t < kThreads; t++)
    threads.emplace_back([t] {
      for (unsigned i = 0; i < kRecords; i++) {
        auto *r = reserveRecord<trace::OrderRecord>(t);
        ASSERT_NE(r, nullptr);
        r->thread = t;
        r->epoch = i;
        TraceFile::commit(r, trace::RecordKind::Order);
      }
    });
  for (std::thread &t : threads)
    t.join();
  std::ifstream in(traceFile.path(), std::ios::binary);
  const std::string whole((std::istreambuf_iterator<char>(in)), {});
  EXPECT_EQ(walk(whole)[trace::RecordKind::Order], kThreads * kRecords);
  EXPECT_EQ(walk(whole)[trace::RecordKind::String], 3u);

  unsigned before = 0;
  for (size_t size = 0; size < whole.size(); size += 40'009) {
    const unsigned now = walk(whole.substr(0, size))[trace::RecordKind::Order];
    EXPECT_GE(now, before) << "cut at " << size;
    before = now;
  }
}

} // namespace
