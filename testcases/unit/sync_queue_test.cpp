// SPDX-License-Identifier: MIT
// LINK: gordian-sync
//
// Queue, LifoQueue, PriorityQueue: the essential cases of CPython's test_queue.py, with shutdown as of 3.13.
#include "gordian/queue.h"
#include "sync_threads.h"

#include <gtest/gtest.h>
#include <memory>
#include <numeric>

using namespace gordian;
using test::Bunch;
using test::elsewhere;

template <class Q>
class AnyQueue : public testing::Test {};
using QueueTypes = testing::Types<Queue<int>, LifoQueue<int>, PriorityQueue<int>>;
TYPED_TEST_SUITE(AnyQueue, QueueTypes);

TYPED_TEST(AnyQueue, FullAndEmpty) {
  TypeParam queue(2);
  EXPECT_TRUE(queue.empty());
  EXPECT_FALSE(queue.full());
  queue.put(1);
  queue.put(2);
  EXPECT_EQ(queue.qsize(), 2);
  EXPECT_TRUE(queue.full());
  EXPECT_THROW(queue.put(3, false), Full);
  EXPECT_THROW(queue.put(3, true, 0.001), Full);
  EXPECT_THROW(queue.put(3, true, 0), Full);
  EXPECT_THROW(queue.put(3, false, -1), Full); // the limit is ignored
  EXPECT_THROW(queue.put_nowait(3), Full);
  EXPECT_EQ(queue.get() + queue.get(), 3);
  EXPECT_THROW(queue.get(false), Empty);
  EXPECT_THROW(queue.get(true, 0.001), Empty);
  EXPECT_THROW(queue.get_nowait(), Empty);
}

TYPED_TEST(AnyQueue, NegativeTimeLimit) {
  TypeParam bounded(1), unbounded;
  EXPECT_THROW(bounded.put(1, true, -1), ValueError);
  EXPECT_NO_THROW(unbounded.put(1, true, -1)); // never waits, so never looks
  EXPECT_THROW(unbounded.get(true, -1), ValueError);
  EXPECT_EQ(unbounded.get(false, -1), 1);
}

TYPED_TEST(AnyQueue, NoLimit) {
  for (long limit : {0, -1}) {
    TypeParam queue(limit);
    for (int i = 0; i < 100; i++)
      queue.put(i, false);
    EXPECT_FALSE(queue.full());
    EXPECT_EQ(queue.qsize(), 100);
  }
}

TYPED_TEST(AnyQueue, WaitersAreServed) {
  TypeParam queue(1);
  {
    Bunch getter(1, [&](int) { EXPECT_EQ(queue.get(), 1); });
    queue.put(1);
  }
  queue.put(2);
  {
    Bunch putter(1, [&](int) { queue.put(3); });
    EXPECT_EQ(queue.get(), 2);
  }
  EXPECT_EQ(queue.get(true, 5), 3);
}

TYPED_TEST(AnyQueue, NothingIsLost) {
  TypeParam queue(3);
  std::atomic<long> sum{0};
  {
    Bunch workers(6, [&](int i) {
      for (int k = 0; k < 1000; k++)
        if (i % 2)
          queue.put(i * 1000 + k);
        else
          sum += queue.get();
    });
  }
  long expected = 0;
  for (int i : {1, 3, 5})
    for (int k = 0; k < 1000; k++)
      expected += i * 1000 + k;
  EXPECT_EQ(sum, expected);
  EXPECT_TRUE(queue.empty());
}

TYPED_TEST(AnyQueue, JoinWaitsForTheWorkToBeDone) {
  TypeParam queue;
  std::atomic<int> done{0};
  Bunch workers(2, [&](int) {
    while (queue.get() >= 0) {
      done++;
      queue.task_done();
    }
    queue.task_done();
  });
  for (int i = 0; i < 100; i++)
    queue.put(i);
  if (std::is_same_v<TypeParam, Queue<int>>) {
    queue.join();
    EXPECT_EQ(done, 100);
  }
  while (done < 100)
    std::this_thread::yield();
  queue.put(-1);
  queue.put(-1);
  queue.join();
  workers.join();
  EXPECT_THROW(queue.task_done(), ValueError);
}

TYPED_TEST(AnyQueue, ShutdownLetsWhatIsThereOut) {
  TypeParam queue(2);
  queue.put(1);
  queue.put(1);
  queue.shutdown();
  EXPECT_THROW(queue.put(3), ShutDown);
  EXPECT_THROW(queue.put(3, false), ShutDown);
  EXPECT_EQ(queue.get(), 1);
  queue.task_done();
  EXPECT_EQ(queue.get(), 1);
  queue.task_done();
  EXPECT_THROW(queue.get(), ShutDown);
  EXPECT_THROW(queue.get(false), ShutDown);
  queue.join();
}

TYPED_TEST(AnyQueue, ShutdownAtOnceDropsIt) {
  TypeParam queue(4);
  for (int i = 0; i < 4; i++)
    queue.put(i);
  queue.get();
  queue.shutdown(true);
  EXPECT_EQ(queue.qsize(), 0);
  EXPECT_THROW(queue.get(), ShutDown);
  queue.task_done(); // of the one that was gotten
  queue.join();
  EXPECT_THROW(queue.task_done(), ValueError);
}

TYPED_TEST(AnyQueue, ShutdownWakesThoseWhoWait) {
  TypeParam empty, full(1);
  full.put(1);
  std::atomic<int> refused{0};
  Bunch waiters(6, [&](int i) {
    try {
      if (i % 2)
        empty.get();
      else
        full.put(2);
    } catch (const ShutDown &) {
      refused++;
    }
  });
  empty.shutdown();
  full.shutdown();
  waiters.join();
  EXPECT_EQ(refused, 6);
}

TEST(Queue, Orders) {
  Queue<int> fifo;
  LifoQueue<int> lifo;
  PriorityQueue<int> lowest;
  PriorityQueue<int, std::greater<int>> highest;
  for (int i : {3, 1, 4, 1, 5, 9, 2, 6}) {
    fifo.put(i);
    lifo.put(i);
    lowest.put(i);
    highest.put(i);
  }
  std::string order[4];
  for (int i = 0; i < 8; i++) {
    order[0] += std::to_string(fifo.get());
    order[1] += std::to_string(lifo.get());
    order[2] += std::to_string(lowest.get());
    order[3] += std::to_string(highest.get());
  }
  EXPECT_EQ(order[0], "31415926");
  EXPECT_EQ(order[1], "62951413");
  EXPECT_EQ(order[2], "11234569");
  EXPECT_EQ(order[3], "96543211");
}

TEST(Queue, OfThingsThatOnlyMove) {
  Queue<std::unique_ptr<int>> queue;
  queue.put(std::make_unique<int>(4));
  EXPECT_EQ(*queue.get(), 4);
  PriorityQueue<std::pair<int, std::unique_ptr<int>>> jobs;
  jobs.put({2, nullptr});
  jobs.put({1, nullptr});
  EXPECT_EQ(jobs.get().first, 1);
}

namespace {
struct Reluctant {
  static inline bool refuse = false;
  int value = 0;
  Reluctant(int v) : value(v) {}
  Reluctant(const Reluctant &other) : value(other.value) {
    if (refuse)
      throw std::bad_alloc();
  }
};
} // namespace

TEST(Queue, SurvivesAnItemThatThrows) {
  Queue<Reluctant> queue;
  Reluctant::refuse = true;
  EXPECT_THROW(queue.put(Reluctant(1)), std::bad_alloc);
  Reluctant::refuse = false;
  EXPECT_TRUE(queue.empty());
  queue.put(Reluctant(2));
  EXPECT_EQ(queue.get().value, 2);
}
