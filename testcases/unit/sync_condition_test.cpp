// SPDX-License-Identifier: MIT
// LINK: gordian-sync
//
// Condition: the essential cases of CPython's lock_tests.py (ConditionTests), on both kinds of lock.
#include "gordian/condition.h"
#include "sync_threads.h"

#include <gtest/gtest.h>

using namespace gordian;
using test::Bunch;
using test::elsewhere;
using test::Gate;

template <class L>
class ConditionOn : public testing::Test {
protected:
  L lock;
  Condition condition{lock};
  int waiting = 0;
  int woken = 0;

  /// Waits once, counting in and out under the lock.
  void waitOnce() {
    std::lock_guard guard(lock);
    waiting++;
    EXPECT_TRUE(condition.wait());
    woken++;
  }
  /// Returns with the lock held, once `count` threads wait: they count under the lock and give it up by
  /// waiting.
  void acquireWhenWaiting(int count) {
    for (;;) {
      lock.acquire();
      if (waiting == count)
        return;
      lock.release();
      std::this_thread::yield();
    }
  }
  void untilWoken(int count) {
    for (;;) {
      std::lock_guard guard(lock);
      if (woken == count)
        return;
      std::this_thread::yield();
    }
  }
};
using LockTypes = testing::Types<Lock, RLock>;
TYPED_TEST_SUITE(ConditionOn, LockTypes);

TYPED_TEST(ConditionOn, NeedsTheLock) {
  EXPECT_THROW(this->condition.wait(), RuntimeError);
  EXPECT_THROW(this->condition.wait(0.1), RuntimeError);
  EXPECT_THROW(this->condition.notify(), RuntimeError);
  EXPECT_THROW(this->condition.notify_all(), RuntimeError);
  EXPECT_THROW(this->condition.wait_for([] { return false; }), RuntimeError);
  EXPECT_TRUE(this->condition.wait_for([] { return true; })); // never waits, so never asks
}

TYPED_TEST(ConditionOn, NotifyWakesThatMany) {
  Bunch waiters(5, [&](int) { this->waitOnce(); });
  this->acquireWhenWaiting(5);
  this->condition.notify(2);
  this->lock.release();
  this->untilWoken(2);
  this->lock.acquire();
  EXPECT_EQ(this->woken, 2); // and nobody else: the others wait
  this->condition.notify();
  this->lock.release();
  this->untilWoken(3);
  this->lock.acquire();
  this->condition.notify(0);
  this->condition.notify_all();
  this->lock.release();
  waiters.join();
  EXPECT_EQ(this->woken, 5);
  this->lock.acquire();
  this->condition.notify_all(); // nobody left: nothing happens
  this->condition.notify(9);
  this->lock.release();
}

TYPED_TEST(ConditionOn, FirstComeFirstWoken) {
  std::vector<int> order;
  std::vector<Gate> queued(4);
  Bunch waiters(4, [&](int i) {
    if (i > 0)
      queued[size_t(i - 1)].pass();
    std::lock_guard guard(this->lock);
    this->waiting++;
    queued[size_t(i)].open(); // the next one gets the lock only when this one waits
    this->condition.wait();
    order.push_back(i);
    this->woken++;
  });
  this->acquireWhenWaiting(4);
  this->lock.release();
  for (int i = 0; i < 4; i++) {
    this->lock.acquire();
    this->condition.notify();
    this->lock.release();
    this->untilWoken(i + 1);
  }
  waiters.join();
  EXPECT_EQ(order, (std::vector<int>{0, 1, 2, 3}));
}

TYPED_TEST(ConditionOn, TimeLimit) {
  std::lock_guard guard(this->lock);
  using namespace std::chrono;
  const auto begin = steady_clock::now();
  EXPECT_FALSE(this->condition.wait(30ms));
  EXPECT_GE(steady_clock::now() - begin, 30ms);
  EXPECT_FALSE(this->condition.wait(0));
  EXPECT_FALSE(this->condition.wait(-1));
  EXPECT_THROW(this->condition.wait(1e100), OverflowError);
  EXPECT_TRUE(this->lock.locked());
}

TYPED_TEST(ConditionOn, OneThatTimedOutIsNotCounted) {
  Bunch waiters(1, [&](int) { this->waitOnce(); });
  this->acquireWhenWaiting(1);
  EXPECT_FALSE(this->condition.wait(0.001)); // in the queue behind the other, and out of it again
  this->condition.notify();
  this->lock.release();
  waiters.join();
  EXPECT_EQ(this->woken, 1);
}

TYPED_TEST(ConditionOn, WaitForAPredicate) {
  int state = 0;
  Bunch waiter(1, [&](int) {
    std::lock_guard guard(this->lock);
    EXPECT_TRUE(this->condition.wait_for([&] { return state == 4; }));
    EXPECT_EQ(state, 4);
  });
  while (state < 4) {
    std::lock_guard guard(this->lock);
    state++;
    this->condition.notify();
  }
}

TYPED_TEST(ConditionOn, WaitForGivesThePredicatesValue) {
  std::lock_guard guard(this->lock);
  EXPECT_EQ(this->condition.wait_for([] { return 7; }, 0.001), 7);
  int calls = 0;
  EXPECT_EQ(this->condition.wait_for([&] { return calls++, 0; }, 0), 0);
  EXPECT_EQ(calls, 2); // before the wait and after it
}

TYPED_TEST(ConditionOn, HandsOnTheLocksMethods) {
  this->condition.acquire();
  EXPECT_TRUE(this->lock.locked());
  this->condition.release();
  EXPECT_FALSE(this->lock.locked());
  {
    std::lock_guard guard(this->condition);
    EXPECT_FALSE(elsewhere([&] { return this->condition.acquire(false); }));
    EXPECT_FALSE(elsewhere([&] { return this->condition.try_lock(); }));
  }
  EXPECT_TRUE(this->condition.try_lock());
  this->condition.unlock();
}

TEST(Condition, OwnLockIsReEntrantAndItsLevelsComeBack) {
  Condition condition;
  bool ready = false;
  condition.acquire();
  condition.acquire();
  condition.acquire();
  Bunch other(1, [&](int) {
    std::lock_guard guard(condition); // succeeds only when all three levels were given up
    ready = true;
    condition.notify();
  });
  EXPECT_TRUE(condition.wait_for([&] { return ready; }));
  EXPECT_FALSE(elsewhere([&] { return condition.acquire(false); }));
  condition.release();
  condition.release();
  EXPECT_FALSE(elsewhere([&] { return condition.acquire(false); }));
  condition.release();
  EXPECT_THROW(condition.release(), RuntimeError);
}

TEST(Condition, TwoConditionsOnOneLock) {
  Lock lock;
  Condition odd(lock), even(lock);
  int turn = 0;
  auto player = [&](int parity, Condition &mine, Condition &theirs) {
    for (int i = 0; i < 500; i++) {
      std::lock_guard guard(lock);
      mine.wait_for([&] { return turn % 2 == parity; });
      turn++;
      theirs.notify();
    }
  };
  {
    Bunch players(2, [&](int i) { i ? player(1, odd, even) : player(0, even, odd); });
  }
  EXPECT_EQ(turn, 1000);
}

TEST(Condition, NotifyWithTheLockHeldByAnotherThreadOnlyCountsForRLock) {
  Lock lock;
  Condition onLock(lock);
  lock.acquire();
  EXPECT_NO_THROW(elsewhere([&] { onLock.notify(); })); // a Lock knows no holder, as in Python
  lock.release();
  RLock rlock;
  Condition onRLock(rlock);
  rlock.acquire();
  EXPECT_THROW(elsewhere([&] { onRLock.notify(); }), RuntimeError);
  rlock.release();
}
