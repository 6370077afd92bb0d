// SPDX-License-Identifier: MIT
// The promise is fulfilled at once, before the locks: its future orders nothing behind them.
// RUN: %cxx -std=c++20 -O1 %s -o %t
// RUN: timeout 20 %run -- %t > %t.out 2>&1; test $? -eq 66
// RUN: %FileCheck %s < %t.out
#include <future>
#include <mutex>
#include <thread>

static std::mutex a, b;
static int memory;
volatile int *nested = &memory; // keeps this run from hanging, and is no order that anybody could see

[[gnu::noinline]] static void fulfil(std::promise<int> &p) {
  p.set_value(3);
}

int main() {
  std::promise<int> promise;
  std::future<int> future = promise.get_future();
  std::thread first([&promise] {
    fulfil(promise);
    {
      std::lock_guard<std::mutex> x(a);
      std::lock_guard<std::mutex> y(b); // CHECK-DAG: future_at_thread_exit.cpp:[[@LINE]]
    }
    *nested = 1;
  });
  std::thread second([&future] {
    future.get();
    while (!*nested)
      std::this_thread::yield();
    std::lock_guard<std::mutex> y(b);
    std::lock_guard<std::mutex> x(a); // CHECK-DAG: future_at_thread_exit.cpp:[[@LINE]]
  });
  first.join();
  second.join();
}
// CHECK-DAG: [lock-order-inversion]
