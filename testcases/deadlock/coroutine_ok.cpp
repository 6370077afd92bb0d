// SPDX-License-Identifier: MIT
// It gives it up before.
// RUN: %gordian check --rule data-race=off %s -- -std=c++20
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
  l.unlock();
  co_await std::suspend_never{};
  std::lock_guard<std::mutex> k(b);
  ++n;
}

Task g() {
  std::lock_guard<std::mutex> l(b);
  std::lock_guard<std::mutex> k(a);
  ++n;
  co_return;
}
