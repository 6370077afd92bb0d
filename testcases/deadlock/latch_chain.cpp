// SPDX-License-Identifier: MIT
// The third thread waits for the latch and tells nobody: nothing orders the other two.
// RUN: %cxx %s -o %t
// RUN: timeout 30 %run -- %t > %t.out 2>&1; test $? -eq 66
// RUN: %FileCheck %s < %t.out
// CHECK: [lock-order-inversion]
#include <chrono>
#include <latch>
#include <mutex>
#include <thread>

static std::mutex stock, orders;
static std::latch filled(1);

int main() {
  std::thread first([] {
    {
      std::lock_guard a(stock);
      std::lock_guard b(orders);
    }
    filled.count_down();
  });
  std::thread between([] { filled.wait(); });
  std::thread second([] {
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    std::lock_guard b(orders);
    std::lock_guard a(stock);
  });
  first.join();
  between.join();
  second.join();
}
