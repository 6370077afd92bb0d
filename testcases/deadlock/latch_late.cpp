// SPDX-License-Identifier: MIT
// The latch is counted down before the first thread takes its locks.
// RUN: %cxx %s -o %t
// RUN: timeout 30 %run -- %t > %t.out 2>&1; test $? -eq 66
// RUN: %FileCheck %s < %t.out
#include <chrono>
#include <latch>
#include <mutex>
#include <thread>

static std::mutex stock, orders;
static std::latch filled(1);

int main() {
  filled.count_down();
  std::thread first([] {
    std::lock_guard a(stock);
    std::lock_guard b(orders); // CHECK-DAG: latch_late.cpp:[[@LINE]]:{{.*}} asks for orders
  });
  std::thread second([] {
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    filled.wait();
    std::lock_guard b(orders);
    std::lock_guard a(stock); // CHECK-DAG: latch_late.cpp:[[@LINE]]:{{.*}} asks for stock
  });
  first.join();
  second.join();
}
// CHECK-DAG: are acquired in opposite orders{{.*}}[lock-order-inversion]
