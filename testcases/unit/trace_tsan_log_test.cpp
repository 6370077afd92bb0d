// SPDX-License-Identifier: MIT
//
// Reading ThreadSanitizer's reports: both forms, every heading, damage.
// LINK: gordian_trace
#include "trace/tsan_log.h"

#include <gtest/gtest.h>

using namespace gordian;
using namespace gordian::trace;

namespace {

constexpr const char *kGlobalRace = R"(==================
WARNING: ThreadSanitizer: data race (pid=10946)
  Write of size 4 at 0x555556a69b28 by thread T1 (mutexes: write M0):
    #0 main::$_0::operator()() const /src/r.cpp:14:59 (rc+0xe82fe) (BuildId: 66a1)
    #1 void std::__invoke_impl<void, main::$_0>(std::__invoke_other, main::$_0&&) /usr/include/c++/12/bits/invoke.h:61:14 (rc+0xe82fe)
    #2 <null> <null> (libstdc++.so.6+0xd44a2) (BuildId: 289e)

  Previous read of size 4 at 0x555556a69b28 by main thread:
    #0 bump(int*) /src/sub/../r.cpp:12:21 (rc+0xe78fb)
    #1 main /src/r.cpp:14:67 (rc+0xe78fb)

  Location is global 'g' of size 4 at 0x555556a69b28 (rc+0x1515b28)

  Mutex M0 (0x555556a69b80) created at:
    #0 pthread_mutex_lock <null> (rc+0x64c3e)

  Thread T1 'worker' (tid=10948, running) created by main thread at:
    #0 pthread_create <null> (rc+0x62f31)
    #1 start() /src/r.cpp:9:3 (rc+0x62f51)
    #2 __libc_start_call_main csu/../sysdeps/nptl/libc_start_call_main.h:58:16 (libc.so.6+0x27249)

SUMMARY: ThreadSanitizer: data race /src/r.cpp:14:59 in main::$_0::operator()() const
==================
)";

constexpr const char *kHeapRace = R"(==================
WARNING: ThreadSanitizer: heap-use-after-free (pid=9)
  Atomic write of size 1 at 0x7b0c0000000c by thread T2:
    #0 std::vector<int, std::allocator<int> >::size() const /usr/include/c++/12/bits/stl_vector.h:988 (rg+0x1)
    #1 worker(void*) /src/h.c:15 (rg+0x23f3)

  Previous write of size 8 at 0x7b0c00000008 by main thread:
    #0 operator delete(void*) ../../../../src/libsanitizer/tsan/tsan_new_delete.cpp:150 (libtsan.so.2+0x1)
    #1 main /src/h.c:20 (rg+0x2c77)

  Location is heap block of size 40 at 0x7b0c00000000 allocated by main thread:
    #0 malloc ../../../../src/libsanitizer/tsan/tsan_interceptors_posix.cpp:647 (libtsan.so.2+0x3ebb8)
    #1 make_buffer /src/h.c:3 (rg+0x2c77)

SUMMARY: ThreadSanitizer: heap-use-after-free
==================
)";

constexpr const char *kMisuse =
    R"(WARNING: ThreadSanitizer: unlock of an unlocked mutex (or by a wrong thread) (pid=1)
    #0 pthread_mutex_unlock <null> (rc+0x6519e)
    #1 main /src/r.cpp:22:86 (rc+0xe7f17)

  Location is heap block of size 40 at 0x720c00000030 allocated by main thread:
    #0 malloc <null> (rc+0x613d0)

SUMMARY: ThreadSanitizer: unlock of an unlocked mutex
WARNING: ThreadSanitizer: lock-order-inversion (potential deadlock) (pid=1)
  Cycle in lock order graph: M0 (0x555556a69b30) => M1 (0x555556a69b58) => M0

  Mutex M1 acquired here while holding mutex M0 in main thread:
    #0 main /src/r.cpp:24:108 (rc+0xe7f97)
SUMMARY: x
WARNING: ThreadSanitizer: thread leak (pid=1)
  Thread T9 (tid=10957, finished) created by main thread at:
    #0 pthread_create <null> (rc+0x62f31)
SUMMARY: x
)";

TsanLog read(const std::string &text) {
  Symbolizer symbolizer;
  return readTsanLog(text, symbolizer);
}

} // namespace

TEST(TsanLog, GlobalRaceHasBothPlacesThreadAndVariable) {
  TsanLog log = read(kGlobalRace);
  ASSERT_EQ(log.races.size(), 1u);
  const facts::ObservedRace &race = log.races[0];
  EXPECT_EQ(race.variable.name, "g");
  ASSERT_EQ(race.first.steps.size(), 1u);
  EXPECT_EQ(race.first.name, "thread T1 (worker)");
  EXPECT_EQ(race.first.steps[0].kind, StepKind::Write);
  EXPECT_EQ(race.first.steps[0].location, (Location{"/src/r.cpp", 14, 59}));
  EXPECT_EQ(race.second.name, "main thread");
  EXPECT_EQ(race.second.steps[0].kind, StepKind::Read);
  EXPECT_EQ(race.second.steps[0].location, (Location{"/src/r.cpp", 12, 21}));
  EXPECT_EQ(race.second.steps[0].function, "bump");
  ASSERT_EQ(race.second.steps[0].stack.size(), 2u);
  ASSERT_EQ(race.related.size(), 1u);
  EXPECT_EQ(race.related[0].kind, StepKind::Spawn);
  EXPECT_EQ(race.related[0].location, (Location{"/src/r.cpp", 9, 3}));
}

TEST(TsanLog, HeapRaceLeadsWithTheUsersFrameAndNamesTheAllocation) {
  TsanLog log = read(kHeapRace);
  ASSERT_EQ(log.races.size(), 1u);
  const facts::ObservedRace &race = log.races[0];
  EXPECT_EQ(race.variable.name, "heap block of 40 bytes allocated in make_buffer");
  EXPECT_EQ(race.variable.declaration, (Location{"/src/h.c", 3, 0}));
  EXPECT_EQ(race.first.steps[0].location, (Location{"/src/h.c", 15, 0}));
  EXPECT_EQ(race.first.steps[0].note, "atomic");
  EXPECT_EQ(race.second.steps[0].location, (Location{"/src/h.c", 20, 0}));
  ASSERT_EQ(race.related.size(), 1u);
  EXPECT_EQ(race.related[0].kind, StepKind::Declare);
}

TEST(TsanLog, LockReportsAreLeftToOurRules) {
  TsanLog log = read(kMisuse);
  EXPECT_TRUE(log.races.empty());
  EXPECT_EQ(log.unreadable, 0u);
}

TEST(TsanLog, OnePairOfPlacesIsOneRace) {
  TsanLog log = read(std::string(kGlobalRace) + kGlobalRace + kHeapRace);
  EXPECT_EQ(log.races.size(), 2u);
}

TEST(TsanLog, RaceInsideLibrariesAloneIsCounted) {
  std::string text = kGlobalRace;
  for (size_t at; (at = text.find("/src/")) != std::string::npos;)
    text.replace(at, 5, "/usr/include/c++/12/");
  TsanLog log = read(text);
  EXPECT_TRUE(log.races.empty());
  EXPECT_EQ(log.internal, 1u);
}

// A log of a killed process may end anywhere: never a crash, and never a race without both of its stacks.
TEST(TsanLog, CutAnywhere) {
  std::string whole = std::string(kGlobalRace) + kHeapRace;
  for (size_t size = 0; size <= whole.size(); ++size) {
    TsanLog log = read(whole.substr(0, size));
    for (const facts::ObservedRace &race : log.races) {
      ASSERT_FALSE(race.first.steps.empty() || race.first.steps[0].stack.empty());
      ASSERT_FALSE(race.second.steps.empty() || race.second.steps[0].stack.empty());
    }
  }
  EXPECT_EQ(read(whole).unreadable, 0u);
}

TEST(TsanLog, PredictedRacesSayThatTheyAre) {
  std::string text = kGlobalRace;
  text.insert(text.find(" (pid="), " (predicted)");
  TsanLog log = read(text);
  ASSERT_EQ(log.races.size(), 1u);
  EXPECT_TRUE(log.races[0].predicted);
  EXPECT_FALSE(read(kGlobalRace).races[0].predicted);
}

TEST(TsanLog, WhatALibraryOrdersUnseenIsLeftOut) {
  std::string text = kGlobalRace;
  text.replace(text.find("bump(int*) /src/sub/../r.cpp"), 28,
               "std::locale::locale(char const*) /src/sub/../r.cpp");
  EXPECT_EQ(read(text).internal, 1u);
}

TEST(TsanLog, RecognisesItsOwn) {
  EXPECT_TRUE(looksLikeTsanLog(kGlobalRace));
  EXPECT_FALSE(looksLikeTsanLog("{\"version\": \"2.1.0\"}"));
}
