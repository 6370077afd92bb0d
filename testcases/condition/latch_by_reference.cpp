// SPDX-License-Identifier: MIT
// Main waits for a latch with the lock held that the workers take before they count it down.
// RUN: %gordian check %s -- -std=c++20 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK: latch_by_reference.cpp:29:{{.*}}[blocking-under-lock]
#include <functional>
#include <latch>
#include <mutex>
#include <thread>
#include <vector>

static std::mutex m;
static int sum;

static void worker(std::latch &done, int n) {
  {
    std::lock_guard<std::mutex> l(m);
    sum += n;
  }
  done.count_down();
}
int main() {
  std::latch done(3);
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i)
    threads.emplace_back(worker, std::ref(done), i);
  {
    std::lock_guard<std::mutex> l(m);
    done.wait();
    ++sum;
  }
  for (auto &t : threads)
    t.join();
}
