// SPDX-License-Identifier: MIT
// A latch orders the two threads, but the second comes late and never sleeps: only the code shows the hand-off.
// RUN: %cxx %s -o %t
// RUN: timeout 30 %run -- %t > %t.out 2>&1
// RUN: %FileCheck %s < %t.out
// CHECK: no findings
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
  std::thread second([] {
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    filled.wait();
    std::lock_guard b(orders);
    std::lock_guard a(stock);
  });
  first.join();
  second.join();
}
