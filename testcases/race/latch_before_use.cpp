// SPDX-License-Identifier: MIT
// Main writes the banner after it has counted the latch down.
// RUN: %gordian check %s -- -std=c++20 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK: latch_before_use.cpp:13:{{.*}}[data-race]
#include <latch>
#include <thread>

static int width;

static void worker(std::latch &go, int &seen) {
  go.wait();
  seen = width;
}
int main() {
  std::latch go(1);
  int seen = 0;
  std::thread t(worker, std::ref(go), std::ref(seen));
  go.count_down();
  width = 80;
  t.join();
  return seen != 80;
}
