// SPDX-License-Identifier: MIT
// The promise is fulfilled when its thread ends, behind the locks, though the call stands before them.
// RUN: %cxx -std=c++20 -O1 %s -o %t
// RUN: timeout 20 %run -- %t > %t.out 2>&1
// RUN: %FileCheck %s < %t.out
// CHECK: no findings
#include <future>
#include <mutex>
#include <thread>

static std::mutex a, b;

int main() {
  std::promise<int> promise;
  std::future<int> future = promise.get_future();
  std::thread first([&promise] {
    promise.set_value_at_thread_exit(3);
    std::lock_guard<std::mutex> x(a);
    std::lock_guard<std::mutex> y(b);
  });
  while (future.wait_for(std::chrono::seconds(0)) != std::future_status::ready)
    std::this_thread::yield();
  std::thread second([&future] {
    future.get();
    std::lock_guard<std::mutex> y(b);
    std::lock_guard<std::mutex> x(a);
  });
  first.join();
  second.join();
}
