// SPDX-License-Identifier: MIT
// It runs on another thread, which is joined when the lock is free.
// RUN: %gordian check --rule data-race=off %s -- -std=c++20
#include <mutex>
#include <thread>

static std::mutex m;
static int n;

template <class F>
void run(F &&f) {
  std::thread(f).detach();
}

void go() {
  auto add = [] {
    std::lock_guard<std::mutex> l(m);
    ++n;
  };
  std::lock_guard<std::mutex> l(m);
  run(add);
}
