// SPDX-License-Identifier: MIT
// LINK: gordian-sync
//
// Thread and Timer: the essential cases of CPython's test_threading.py.
#include "gordian/condition.h"
#include "gordian/thread.h"
#include "sync_threads.h"

#include <gtest/gtest.h>
#include <unistd.h>

using namespace gordian;
using test::Bunch;
using test::Gate;

TEST(Thread, Lifetime) {
  Gate go;
  Thread thread([&] { go.pass(); });
  EXPECT_FALSE(thread.is_alive());
  EXPECT_FALSE(thread.ident());
  EXPECT_FALSE(thread.native_id());
  thread.start();
  EXPECT_TRUE(thread.is_alive());
  EXPECT_TRUE(thread.ident());
  EXPECT_NE(thread.native_id().value(), getpid());
  thread.join(0);
  EXPECT_TRUE(thread.is_alive());
  thread.join(0.01);
  EXPECT_TRUE(thread.is_alive());
  thread.join(-5);
  EXPECT_TRUE(thread.is_alive());
  go.open();
  thread.join();
  EXPECT_FALSE(thread.is_alive());
  thread.join(); // again is fine
  thread.join(1);
}

TEST(Thread, Misuse) {
  Thread never;
  EXPECT_THROW(never.join(), RuntimeError);
  Thread once([] {});
  once.start();
  EXPECT_THROW(once.start(), RuntimeError);
  once.join();
  EXPECT_THROW(once.start(), RuntimeError);
  bool thrown = false;
  Event known;
  Thread *self = nullptr;
  Thread narcissus([&] {
    known.wait();
    try {
      self->join();
    } catch (const RuntimeError &) {
      thrown = true;
    }
  });
  self = &narcissus;
  narcissus.start();
  known.set();
  narcissus.join();
  EXPECT_TRUE(thrown);
}

TEST(Thread, SeveralJoiners) {
  Gate go;
  int data = 0;
  Thread thread([&] {
    go.pass();
    data = 1;
  });
  thread.start();
  std::atomic<int> joining{0};
  Bunch joiners(4, [&](int i) {
    joining++;
    do
      thread.join(i % 2 ? Timeout() : Timeout(0.002));
    while (thread.is_alive());
    EXPECT_EQ(data, 1);
  });
  while (joining < 4)
    std::this_thread::yield();
  go.open();
}

TEST(Thread, Names) {
  EXPECT_EQ(current_thread_name(), "MainThread");
  Thread named([] { EXPECT_EQ(current_thread_name(), "a worker with a long name"); },
               "a worker with a long name");
  EXPECT_EQ(named.name(), "a worker with a long name");
  named.start();
  named.join();
  named.set_name("other");
  EXPECT_EQ(named.name(), "other");
  Thread one, two;
  EXPECT_EQ(one.name().rfind("Thread-", 0), 0u);
  EXPECT_NE(one.name(), two.name());
  std::thread foreign([] { EXPECT_EQ(current_thread_name(), ""); });
  foreign.join();
}

TEST(Thread, Daemons) {
  bool inherited = false;
  Thread daemon([&] { inherited = Thread().daemon(); }, "", true);
  EXPECT_TRUE(daemon.daemon());
  EXPECT_FALSE(Thread().daemon());
  daemon.start();
  daemon.join();
  EXPECT_TRUE(inherited);
  EXPECT_THROW(daemon.set_daemon(false), RuntimeError);
  Thread other;
  other.set_daemon(true);
  EXPECT_TRUE(other.daemon());
}

TEST(Thread, GoesOnWithoutItsObject) {
  Gate go;
  Event done;
  {
    Thread thread([&] {
      go.pass();
      done.set();
    });
    thread.start();
  }
  go.open();
  EXPECT_TRUE(done.wait());
}

TEST(Thread, WhatItCapturedEndsWithIt) {
  auto held = std::make_shared<int>(1);
  Thread thread([held] {});
  EXPECT_EQ(held.use_count(), 2);
  thread.start();
  thread.join();
  EXPECT_EQ(held.use_count(), 1);
}

TEST(Thread, AnExceptionEndsTheThreadOnly) {
  testing::internal::CaptureStderr();
  Thread thread([] { throw std::out_of_range("too far"); }, "careless");
  thread.start();
  thread.join();
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "Exception in thread careless:\nstd::out_of_range: too far\n");
  EXPECT_FALSE(thread.is_alive());
}

TEST(ThreadDeathTest, TheProgramWaitsForAllButDaemons) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const auto program = [](bool daemon) {
    Thread thread(
        [daemon] {
          usleep(daemon ? 30000000 : 50000);
          fputs("at last", stderr);
        },
        "", daemon);
    thread.start();
    exit(7);
  };
  EXPECT_EXIT(program(false), testing::ExitedWithCode(7), "at last");
  EXPECT_EXIT(program(true), testing::ExitedWithCode(7), "^$");
}

TEST(Timer, RunsAfterTheInterval) {
  using namespace std::chrono;
  const auto begin = steady_clock::now();
  bool ran = false;
  Timer timer(30ms, [&] { ran = true; });
  timer.start();
  timer.join();
  EXPECT_TRUE(ran);
  EXPECT_GE(steady_clock::now() - begin, 30ms);
}

TEST(Timer, Cancel) {
  bool ran = false;
  Timer timer(30.0, [&] { ran = true; });
  timer.start();
  EXPECT_TRUE(timer.is_alive());
  timer.cancel();
  timer.join();
  EXPECT_FALSE(ran);
  Timer early(0.0, [&] { ran = true; });
  early.cancel();
  early.start();
  early.join();
  EXPECT_FALSE(ran);
}
