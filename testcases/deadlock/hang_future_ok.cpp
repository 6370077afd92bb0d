// SPDX-License-Identifier: MIT
// The same, fulfilled after a while.
// RUN: %cxx %s -o %t
// RUN: timeout 30 %run -- %t > %t.out 2>&1
// RUN: %FileCheck %s < %t.out
// CHECK: no findings
#include <chrono>
#include <future>
#include <thread>

int main() {
  std::promise<int> promise;
  auto future = promise.get_future();
  std::thread reader([&] { future.get(); });
  std::this_thread::sleep_for(std::chrono::milliseconds(900));
  promise.set_value(1);
  reader.join();
}
