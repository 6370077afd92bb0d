// SPDX-License-Identifier: MIT
// Detached threads count down under a mutex and the last one notifies; the main thread starts the other order
// without looking at the counter.
// RUN: %cxx %s -o %t
// RUN: timeout 20 %run -- %t > %t.out 2>&1; test $? -eq 66
// RUN: %FileCheck %s < %t.out
#include <condition_variable>
#include <mutex>
#include <thread>

static std::mutex m, a, b;
static std::condition_variable none_left;
static int running = 3;
static int memory;
volatile int *nested = &memory; // keeps this run from hanging, and is no order that anybody could see

static void work() {
  {
    std::lock_guard<std::mutex> g(a);
    std::lock_guard<std::mutex> h(b); // CHECK-DAG: count_down.cpp:[[@LINE]]
  }
  std::lock_guard<std::mutex> g(m);
  *nested = *nested + 1;
  if (--running == 0)
    none_left.notify_all();
}

int main() {
  std::thread t([&] {
    while (*nested < 3)
      std::this_thread::yield();
    std::lock_guard<std::mutex> g(b);
    std::lock_guard<std::mutex> h(a); // CHECK-DAG: count_down.cpp:[[@LINE]]
  });
  for (int i = 0; i < 3; i++)
    std::thread(work).detach();
  t.join();
  std::unique_lock<std::mutex> g(m);
  none_left.wait(g, [] { return running == 0; });
}
// CHECK-DAG: [lock-order-inversion]
