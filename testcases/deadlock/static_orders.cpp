// SPDX-License-Identifier: MIT
// A function that the initialiser calls takes the locks in one order also at other times.
// RUN: %cxx %s -o %t
// RUN: timeout 20 %run -- %t > %t.out 2>&1; test $? -eq 66
// RUN: %FileCheck %s < %t.out
#include <mutex>
#include <thread>

static std::mutex a, b;
static int memory;
volatile int *used = &memory; // keeps this run from hanging, and is no order that anybody could see

static int both() {
  std::lock_guard<std::mutex> g(a);
  std::lock_guard<std::mutex> h(b); // CHECK-DAG: static_orders.cpp:[[@LINE]]
  return 7;
}

static int base() {
  static int s = both();
  return s;
}

int main() {
  std::thread t([] {
    int n = base() + both();
    *used = n;
  });
  std::thread u([] {
    while (!*used)
      std::this_thread::yield();
    std::lock_guard<std::mutex> g(b);
    std::lock_guard<std::mutex> h(a); // CHECK-DAG: static_orders.cpp:[[@LINE]]
  });
  t.join();
  u.join();
}
// CHECK-DAG: [lock-order-inversion]
