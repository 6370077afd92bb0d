// SPDX-License-Identifier: MIT
// LINK: gordian-sync
//
// Event, Semaphore and BoundedSemaphore: the essential cases of CPython's lock_tests.py (EventTests,
// BaseSemaphoreTests, SemaphoreTests, BoundedSemaphoreTests).
#include "gordian/event.h"
#include "gordian/semaphore.h"
#include "sync_threads.h"

#include <gtest/gtest.h>

using namespace gordian;
using test::Bunch;
using test::elsewhere;
using test::Gate;

TEST(Event, SetAndClear) {
  Event event;
  EXPECT_FALSE(event.is_set());
  event.set();
  EXPECT_TRUE(event.is_set());
  event.set();
  EXPECT_TRUE(event.is_set());
  event.clear();
  EXPECT_FALSE(event.is_set());
  event.clear();
  EXPECT_FALSE(event.is_set());
}

TEST(Event, SetWakesEverybody) {
  Event event;
  int data = 0;
  Bunch waiters(6, [&](int) {
    EXPECT_TRUE(event.wait());
    EXPECT_EQ(data, 1);
    EXPECT_TRUE(event.wait()); // set already
  });
  data = 1;
  event.set();
}

TEST(Event, TimeLimit) {
  Event event;
  EXPECT_FALSE(event.wait(0));
  EXPECT_FALSE(event.wait(-1));
  using namespace std::chrono;
  const auto begin = steady_clock::now();
  EXPECT_FALSE(event.wait(30ms));
  EXPECT_GE(steady_clock::now() - begin, 30ms);
  event.set();
  EXPECT_TRUE(event.wait(0));
  EXPECT_TRUE(event.wait(30ms));
}

TEST(Event, AWaiterOfASetThatWasClearedSinceHasSeenIt) {
  for (int round = 0; round < 200; round++) {
    Event event;
    std::atomic<int> arrived{0};
    Bunch waiters(2, [&](int) {
      arrived++;
      // Sees the flag, or is woken, or comes late: then the second set is for it.
      EXPECT_TRUE(event.wait());
    });
    while (arrived < 2)
      std::this_thread::yield();
    event.set();
    event.clear();
    event.set();
  }
}

template <class S>
class AnySemaphore : public testing::Test {};
using SemaphoreTypes = testing::Types<Semaphore, BoundedSemaphore>;
TYPED_TEST_SUITE(AnySemaphore, SemaphoreTypes);

TYPED_TEST(AnySemaphore, RejectsANegativeValue) {
  EXPECT_THROW(TypeParam(-1), ValueError);
}

TYPED_TEST(AnySemaphore, CountsUnits) {
  TypeParam semaphore(2);
  EXPECT_TRUE(semaphore.acquire());
  EXPECT_TRUE(semaphore.acquire(false));
  EXPECT_FALSE(semaphore.acquire(false));
  EXPECT_FALSE(semaphore.acquire(true, 0));
  EXPECT_FALSE(semaphore.acquire(true, -1)); // unlike the locks
  EXPECT_FALSE(semaphore.acquire(true, 0.001));
  semaphore.release();
  EXPECT_TRUE(semaphore.acquire(true, 0));
  semaphore.release(2);
  EXPECT_TRUE(semaphore.acquire());
}

TYPED_TEST(AnySemaphore, Arguments) {
  TypeParam semaphore(1);
  EXPECT_THROW(semaphore.acquire(false, 1), ValueError);
  EXPECT_THROW(semaphore.acquire(false, -1), ValueError);
  EXPECT_THROW(semaphore.release(0), ValueError);
  EXPECT_THROW(semaphore.release(-2), ValueError);
  EXPECT_TRUE(semaphore.acquire(false));
}

TYPED_TEST(AnySemaphore, ReleaseLetsThatManyIn) {
  TypeParam semaphore(7);
  for (int i = 0; i < 7; i++)
    semaphore.acquire();
  std::atomic<int> inside{0};
  Gate leave;
  Bunch workers(6, [&](int) {
    semaphore.acquire();
    inside++;
    leave.pass();
  });
  semaphore.release(3);
  while (inside < 3)
    std::this_thread::yield();
  EXPECT_FALSE(semaphore.acquire(false));
  EXPECT_EQ(inside, 3);
  semaphore.release(3);
  while (inside < 6)
    std::this_thread::yield();
  leave.open();
}

TYPED_TEST(AnySemaphore, IsALockWithOneUnit) {
  TypeParam semaphore;
  long counter = 0;
  {
    Bunch workers(4, [&](int) {
      for (int i = 0; i < 5000; i++) {
        std::lock_guard guard(semaphore);
        counter = counter + 1;
      }
    });
  }
  EXPECT_EQ(counter, 20000);
}

TEST(Semaphore, HoldsMoreThanItBeganWith) {
  Semaphore semaphore(0);
  semaphore.release(3);
  for (int i = 0; i < 3; i++)
    EXPECT_TRUE(semaphore.acquire(false));
  EXPECT_FALSE(semaphore.acquire(false));
}

TEST(BoundedSemaphore, DoesNot) {
  BoundedSemaphore semaphore(3);
  EXPECT_THROW(semaphore.release(), ValueError);
  semaphore.acquire();
  EXPECT_THROW(semaphore.release(2), ValueError);
  semaphore.release();
  EXPECT_THROW(semaphore.release(), ValueError);
  for (int i = 0; i < 3; i++)
    EXPECT_TRUE(semaphore.acquire(false)); // the refused releases changed nothing
  EXPECT_FALSE(semaphore.acquire(false));
}
