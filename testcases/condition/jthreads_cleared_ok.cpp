// SPDX-License-Identifier: MIT
// They are swapped out under the lock, and end with the local vector when it is released.
// RUN: %gordian check %s -- -std=c++20 | %FileCheck %s
// CHECK: no findings
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>
class Pool {
public:
  void start(int n) {
    std::lock_guard<std::mutex> l(m);
    for (int i = 0; i < n; ++i)
      threads.emplace_back([this](std::stop_token t) { work(t); });
  }
  void stop() {
    std::vector<std::jthread> old;
    std::lock_guard<std::mutex> l(m);
    old.swap(threads);
  }

private:
  void work(std::stop_token t) {
    while (!t.stop_requested()) {
      std::lock_guard<std::mutex> l(m);
      ++done;
    }
  }
  std::mutex m;
  std::vector<std::jthread> threads;
  int done = 0;
};
