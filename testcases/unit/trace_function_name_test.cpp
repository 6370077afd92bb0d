// SPDX-License-Identifier: MIT
//
// Function names in short form, and whose frame it is.
// LINK: gordian_trace
#include "trace/function_name.h"
#include "trace/system_code.h"

#include <gtest/gtest.h>

using namespace gordian;
using namespace gordian::trace;

TEST(FunctionName, Short) {
  const std::pair<const char *, const char *> cases[] = {
      {"main", "main"},
      {"do_work.part.0", "do_work"},
      {"Cache::store(Index&, int)", "Cache::store"},
      {"Cache::count() const (.isra.0)", "Cache::count"},
      {"Cache::count() const [clone .constprop.0]", "Cache::count"},
      {"void ns::put<int, char (*)(int)>(int)", "ns::put<int, char (*)(int)>"},
      {"std::vector<int, std::allocator<int> >::push_back(int&&)",
       "std::vector<int, std::allocator<int> >::push_back"},
      {"(anonymous namespace)::Pool::take(unsigned long)", "(anonymous namespace)::Pool::take"},
      {"main::'lambda'()::operator()() const", "main::{lambda}"},
      {"main::'lambda0'(int)::operator()(int) const", "main::{lambda#2}"},
      {"main::{lambda()#1}::operator()() const", "main::{lambda}"},
      {"run(int)::'lambda'()::operator()() const", "run::{lambda}"},
      {"main::$_0::operator()() const", "main::{lambda}"},
      {"main::<lambda(int)>::operator()", "main::{lambda}"},
      {"A::operator()(int)", "A::operator()"},
      {"A::operator<<(int) const", "A::operator<<"},
      {"A::operator bool() const", "A::operator bool"},
      {"operator new(unsigned long)", "operator new"},
      {"decltype(auto) f<int>(int)", "f<int>"},
      {"Outer<int>::Inner::~Inner()", "Outer<int>::Inner::~Inner"},
  };
  for (auto [in, out] : cases)
    EXPECT_EQ(shortFunctionName(in), out) << in;
}

TEST(FunctionName, Constructors) {
  EXPECT_TRUE(isConstructorName("Guard::Guard"));
  EXPECT_TRUE(isConstructorName("ns::Guard<int>::Guard"));
  EXPECT_TRUE(isConstructorName("std::lock_guard<std::mutex>::lock_guard"));
  EXPECT_FALSE(isConstructorName("Guard::~Guard"));
  EXPECT_FALSE(isConstructorName("Guard::open"));
  EXPECT_FALSE(isConstructorName("main"));
}

namespace {
Frame user(const char *function, unsigned line) {
  return {function, {"/src/a.cpp", line, 1}, "/src/a.out", line};
}
Frame library(const char *function) {
  return {function, {"/usr/include/c++/12/bits/std_mutex.h", 100, 1}, "/src/a.out", 1};
}
Frame runtime() {
  return {"pthread_mutex_lock", {}, "/opt/lib/libgordian.so", 5};
}
Frame root() {
  return {"start_thread", {}, "/lib/x86_64-linux-gnu/libc.so.6", 5};
}
} // namespace

TEST(ReadableStack, StandardGuardEndsTheWrappers) {
  ReadableStack s =
      readable({runtime(), library("std::mutex::lock"), library("std::lock_guard<std::mutex>::lock_guard"),
                user("Table::lock", 7), user("main", 9), root()});
  ASSERT_EQ(s.frames.size(), 2u);
  EXPECT_EQ(s.first, 0u); // Table::lock holds a guard of its own: it is no wrapper
  EXPECT_TRUE(s.userCode);
}

TEST(ReadableStack, UsersOwnWrappersAreLedPast) {
  ReadableStack s =
      readable({runtime(), user("Mutex::lock", 7), user("Guard::Guard", 8), user("work", 9), root()});
  ASSERT_EQ(s.frames.size(), 3u);
  EXPECT_EQ(s.frames[s.first].function, "work");
}

TEST(ReadableStack, LibraryFramesBetweenAreDropped) {
  ReadableStack s = readable(
      {runtime(), user("visit", 7), library("std::for_each<X>"), user("main", 9), root(), user("x", 1)});
  ASSERT_EQ(s.frames.size(), 2u);
  EXPECT_EQ(s.frames[1].function, "main");
}

TEST(ReadableStack, WithoutUserFramesOneRemains) {
  ReadableStack s = readable({runtime(), library("std::mutex::lock"), root()});
  ASSERT_EQ(s.frames.size(), 1u);
  EXPECT_FALSE(s.userCode);
  EXPECT_TRUE(readable({}).frames.empty());
}
