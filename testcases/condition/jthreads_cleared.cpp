// SPDX-License-Identifier: MIT
// A vector of jthreads is cleared, which joins them, with the lock held that they take.
// RUN: %gordian check %s -- -std=c++20 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
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
    std::lock_guard<std::mutex> l(m);
    threads.clear(); // CHECK: jthreads_cleared.cpp:[[#@LINE]]:{{.*}}[blocking-under-lock]
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
