// SPDX-License-Identifier: MIT
// Main writes what a thread writes before a function joins that.
// RUN: %gordian check %s -- -std=c++20 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK: [data-race]
#include <thread>
#include <vector>
static long total;
static void joinAll(std::vector<std::thread> &threads) {
  for (auto &t : threads)
    if (t.joinable())
      t.join();
}
static void add(long n) {
  total += n;
}
int main() {
  std::vector<std::thread> threads;
  threads.emplace_back(add, 5);
  total = 0;
  joinAll(threads);
  return 0;
}
