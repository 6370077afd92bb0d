// SPDX-License-Identifier: MIT
// Main writes what a thread has written, behind a function that joins all threads it is given.
// RUN: %gordian check %s -- -std=c++20
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
  joinAll(threads);
  total = 0;
  return 0;
}
