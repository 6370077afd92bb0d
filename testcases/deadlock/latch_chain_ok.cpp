// SPDX-License-Identifier: MIT
// A latch and a semaphore order the two threads over a third one. None of them has to sleep, so that only the code
// shows the hand-offs, and on different kinds of objects.
// RUN: %cxx %s -o %t
// RUN: timeout 30 %run -- %t > %t.out 2>&1
// RUN: %FileCheck %s < %t.out
// CHECK: no findings
#include <chrono>
#include <latch>
#include <mutex>
#include <semaphore>
#include <thread>

static std::mutex stock, orders;
static std::latch filled(1);
static std::binary_semaphore checked(0);

int main() {
  std::thread first([] {
    {
      std::lock_guard a(stock);
      std::lock_guard b(orders);
    }
    filled.count_down();
  });
  std::thread between([] {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    filled.wait();
    checked.release();
  });
  std::thread second([] {
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    checked.acquire();
    std::lock_guard b(orders);
    std::lock_guard a(stock);
  });
  first.join();
  between.join();
  second.join();
}
