// SPDX-License-Identifier: MIT
// The mutex is a static variable of the function: all threads lock the same.
// RUN: %gordian check %s -- -std=c++20
#include <mutex>
#include <thread>

static long total;

static void add(int n) {
  static std::mutex m;
  for (int i = 0; i < n; ++i) {
    std::lock_guard<std::mutex> l(m);
    total += i;
  }
}
int main() {
  std::thread a(add, 100), b(add, 200);
  a.join();
  b.join();
}
