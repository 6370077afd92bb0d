// SPDX-License-Identifier: MIT
// The mutex is a local variable: each thread locks its own.
// RUN: %gordian check %s -- -std=c++20 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK: mutex_of_the_function.cpp:15:{{.*}}[data-race]
#include <mutex>
#include <thread>

static long total;

static void add(int n) {
  std::mutex m;
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
