// SPDX-License-Identifier: MIT
// LINK: gordian-sync
//
// Barrier: the essential cases of CPython's lock_tests.py (BarrierTests).
#include "gordian/barrier.h"
#include "gordian/event.h"
#include "sync_threads.h"

#include <algorithm>
#include <gtest/gtest.h>

using namespace gordian;
using test::Bunch;

namespace {

constexpr int kParties = 5;

/// How many of the threads' waits ended which way.
struct Outcome {
  std::atomic<int> passed{0};
  std::atomic<int> broken{0};

  void wait(Barrier &barrier, Timeout timeout = {}) {
    try {
      barrier.wait(timeout);
      passed++;
    } catch (const BrokenBarrierError &) {
      broken++;
    }
  }
};

void untilWaiting(const Barrier &barrier, long count) {
  while (barrier.n_waiting() != count)
    std::this_thread::yield();
}

} // namespace

TEST(Barrier, NobodyPassesBeforeAllHaveCome) {
  Barrier barrier(kParties);
  std::atomic<int> before{0};
  Bunch threads(kParties, [&](int) {
    for (int round = 1; round <= 50; round++) {
      before++;
      barrier.wait();
      EXPECT_GE(before, round * kParties);
      barrier.wait();
      EXPECT_LE(before, (round + 1) * kParties);
    }
  });
}

TEST(Barrier, IndicesDiffer) {
  Barrier barrier(kParties);
  std::vector<long> indices(kParties);
  {
    Bunch threads(kParties, [&](int i) { indices[size_t(i)] = barrier.wait(); });
  }
  std::sort(indices.begin(), indices.end());
  EXPECT_EQ(indices, (std::vector<long>{0, 1, 2, 3, 4}));
}

TEST(Barrier, TheActionRunsOnceAndBeforeAnyoneLeaves) {
  int runs = 0;
  Barrier barrier(kParties, [&] { runs++; });
  Bunch threads(kParties, [&](int) {
    barrier.wait();
    EXPECT_EQ(runs, 1);
  });
}

TEST(Barrier, AnActionThatThrowsBreaksIt) {
  Barrier barrier(kParties, [] { throw std::out_of_range("action"); });
  Outcome outcome;
  std::atomic<int> thrown{0};
  {
    Bunch threads(kParties, [&](int) {
      try {
        outcome.wait(barrier);
      } catch (const std::out_of_range &) {
        thrown++;
      }
    });
  }
  EXPECT_EQ(thrown, 1);
  EXPECT_EQ(outcome.broken, kParties - 1);
  EXPECT_TRUE(barrier.broken());
}

TEST(Barrier, AbortBreaksItForThoseWhoWaitAndThoseWhoCome) {
  Barrier barrier(kParties);
  Outcome outcome;
  {
    Bunch threads(kParties - 1, [&](int) { outcome.wait(barrier); });
    untilWaiting(barrier, kParties - 1);
    barrier.abort();
  }
  EXPECT_EQ(outcome.broken, kParties - 1);
  EXPECT_TRUE(barrier.broken());
  EXPECT_THROW(barrier.wait(), BrokenBarrierError);
  EXPECT_EQ(barrier.n_waiting(), 0);
}

TEST(Barrier, ResetSendsTheWaitersAwayAndServesTheNext) {
  Barrier barrier(kParties);
  Outcome first, second;
  {
    Bunch threads(kParties - 1, [&](int) { first.wait(barrier); });
    untilWaiting(barrier, kParties - 1);
    barrier.reset();
  }
  EXPECT_EQ(first.broken, kParties - 1);
  EXPECT_FALSE(barrier.broken());
  {
    Bunch threads(kParties, [&](int) { second.wait(barrier); });
  }
  EXPECT_EQ(second.passed, kParties);
}

TEST(Barrier, AbortThenReset) {
  Barrier barrier(kParties);
  Outcome outcome, again;
  {
    Bunch threads(kParties - 1, [&](int) { outcome.wait(barrier); });
    untilWaiting(barrier, kParties - 1);
    barrier.abort();
    barrier.reset();
  }
  EXPECT_EQ(outcome.broken, kParties - 1);
  EXPECT_FALSE(barrier.broken());
  {
    Bunch threads(kParties, [&](int) { again.wait(barrier); });
  }
  EXPECT_EQ(again.passed, kParties);
}

TEST(Barrier, ATimeLimitBreaksIt) {
  Barrier barrier(kParties);
  Outcome outcome;
  {
    Bunch threads(kParties - 1, [&](int i) { outcome.wait(barrier, i == 0 ? Timeout(0.02) : Timeout()); });
  }
  EXPECT_EQ(outcome.broken, kParties - 1);
  EXPECT_TRUE(barrier.broken());
}

TEST(Barrier, TheDefaultTimeLimit) {
  Barrier barrier(2, {}, 0.01);
  EXPECT_THROW(barrier.wait(), BrokenBarrierError);
}

TEST(Barrier, OfOne) {
  Barrier barrier(1);
  EXPECT_EQ(barrier.wait(), 0);
  EXPECT_EQ(barrier.wait(), 0);
  EXPECT_EQ(barrier.parties(), 1);
  EXPECT_THROW(Barrier(0), ValueError);
}
