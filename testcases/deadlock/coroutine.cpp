// SPDX-License-Identifier: MIT
// A coroutine holds its lock across co_await.
// RUN: %gordian check --rule data-race=off %s -- -std=c++20 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK-DAG: [lock-order-inversion]
#include <coroutine>
#include <mutex>

struct Task {
  struct promise_type {
    Task get_return_object() { return {}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() {}
  };
};

static std::mutex a, b;
static int n;

Task f() {
  std::unique_lock<std::mutex> l(a);
  ++n;
  co_await std::suspend_never{};
  std::lock_guard<std::mutex> k(b); // CHECK-DAG: coroutine.cpp:[[@LINE]]:
  ++n;
}

Task g() {
  std::lock_guard<std::mutex> l(b);
  std::lock_guard<std::mutex> k(a); // CHECK-DAG: coroutine.cpp:[[@LINE]]:
  ++n;
  co_return;
}
