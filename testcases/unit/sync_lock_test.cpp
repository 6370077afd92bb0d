// SPDX-License-Identifier: MIT
// LINK: gordian-sync
//
// Lock and RLock: the essential cases of CPython's lock_tests.py (BaseLockTests, LockTests, RLockTests).
#include "gordian/lock.h"
#include "sync_threads.h"

#include <gtest/gtest.h>
#include <limits>

using namespace gordian;
using test::Bunch;
using test::elsewhere;
using test::Gate;

template <class L>
class AnyLock : public testing::Test {};
using LockTypes = testing::Types<Lock, RLock>;
TYPED_TEST_SUITE(AnyLock, LockTypes);

TYPED_TEST(AnyLock, AcquireIsTrueAndReleaseFrees) {
  TypeParam lock;
  EXPECT_FALSE(lock.locked());
  EXPECT_TRUE(lock.acquire());
  EXPECT_TRUE(lock.locked());
  lock.release();
  EXPECT_FALSE(lock.locked());
  EXPECT_TRUE(lock.acquire(false));
  lock.release();
}

TYPED_TEST(AnyLock, TryFailsWhileAnotherThreadHoldsIt) {
  TypeParam lock;
  lock.acquire();
  EXPECT_FALSE(elsewhere([&] { return lock.acquire(false); }));
  lock.release();
  EXPECT_TRUE(elsewhere([&] {
    const bool got = lock.acquire(false);
    lock.release();
    return got;
  }));
}

TYPED_TEST(AnyLock, WaiterGetsItAfterTheRelease) {
  TypeParam lock;
  bool released = false; // guarded by the lock: the waiters see it set
  lock.acquire();
  {
    Bunch waiters(4, [&](int) {
      lock.acquire();
      EXPECT_TRUE(released);
      lock.release();
    });
    released = true;
    lock.release();
  }
  EXPECT_FALSE(lock.locked());
}

TYPED_TEST(AnyLock, ExcludesEachOther) {
  TypeParam lock;
  long counter = 0;
  {
    Bunch workers(4, [&](int) {
      for (int i = 0; i < 20000; i++) {
        lock.acquire();
        counter = counter + 1;
        lock.release();
      }
    });
  }
  EXPECT_EQ(counter, 80000);
}

TYPED_TEST(AnyLock, TimeLimits) {
  TypeParam lock;
  EXPECT_THROW(lock.acquire(false, 1), ValueError);
  EXPECT_THROW(lock.acquire(true, -100), ValueError);
  EXPECT_THROW(lock.acquire(true, 1e100), OverflowError);
  EXPECT_THROW(lock.acquire(true, std::numeric_limits<double>::quiet_NaN()), ValueError);
  EXPECT_FALSE(lock.locked());
  EXPECT_TRUE(lock.acquire(true, 9223372036.0)); // TIMEOUT_MAX itself is fine
  lock.release();
  EXPECT_TRUE(lock.acquire(true, -1));
  lock.release();
  EXPECT_TRUE(lock.acquire(false, -1));
  lock.release();
  EXPECT_TRUE(lock.acquire(true, 0));
  EXPECT_FALSE(elsewhere([&] { return lock.acquire(true, 0); }));
  using namespace std::chrono;
  const auto begin = steady_clock::now();
  EXPECT_FALSE(elsewhere([&] { return lock.acquire(true, 50ms); }));
  EXPECT_GE(steady_clock::now() - begin, 50ms);
  lock.release();
}

TYPED_TEST(AnyLock, StandardGuards) {
  TypeParam one, two;
  {
    std::scoped_lock both(one, two);
    EXPECT_TRUE(one.locked() && two.locked());
  }
  std::unique_lock guard(one, std::try_to_lock);
  EXPECT_TRUE(guard.owns_lock());
  EXPECT_FALSE(elsewhere([&] { return std::unique_lock(one, std::chrono::milliseconds(1)).owns_lock(); }));
  guard.unlock();
  EXPECT_FALSE(one.locked());
}

TYPED_TEST(AnyLock, ReleaseOfAFreeLockThrows) {
  TypeParam lock;
  EXPECT_THROW(lock.release(), RuntimeError);
  lock.acquire();
  lock.release();
  EXPECT_THROW(lock.release(), RuntimeError);
  EXPECT_TRUE(lock.acquire(false));
  lock.release();
}

TEST(Lock, IsNotReEntrant) {
  Lock lock;
  lock.acquire();
  EXPECT_FALSE(lock.acquire(false));
  EXPECT_FALSE(lock.acquire(true, 0.001));
  lock.release();
}

TEST(Lock, AnotherThreadMayReleaseIt) {
  Lock lock;
  lock.acquire();
  elsewhere([&] { lock.release(); });
  EXPECT_TRUE(lock.acquire(false));
  lock.release();
}

TEST(Lock, ReleaseByAnotherThreadWakesTheHolder) { // a Lock used as a signal
  Lock lock;
  lock.acquire();
  Bunch other(1, [&](int) { lock.release(); });
  lock.acquire();
  lock.release();
}

TEST(RLock, CountsItsLevels) {
  RLock lock;
  EXPECT_TRUE(lock.acquire());
  EXPECT_TRUE(lock.acquire());
  EXPECT_TRUE(lock.acquire(false));
  lock.release();
  lock.release();
  EXPECT_FALSE(elsewhere([&] { return lock.acquire(false); }));
  lock.release();
  EXPECT_TRUE(elsewhere([&] {
    const bool got = lock.acquire(false);
    lock.release();
    return got;
  }));
  EXPECT_THROW(lock.release(), RuntimeError);
}

TEST(RLock, AnotherThreadMayNotReleaseIt) {
  RLock lock;
  lock.acquire();
  EXPECT_THROW(elsewhere([&] { lock.release(); }), RuntimeError);
  EXPECT_TRUE(lock.locked());
  lock.release();
}

TEST(RLock, ErrorsSayWhat) {
  try {
    Lock().release();
    FAIL();
  } catch (const RuntimeError &error) {
    EXPECT_STREQ(error.what(), "release unlocked lock");
  }
  try {
    RLock().release();
    FAIL();
  } catch (const RuntimeError &error) {
    EXPECT_STREQ(error.what(), "cannot release un-acquired lock");
  }
}
