// SPDX-License-Identifier: MIT
// One function that is started at two places, the second time while the first may still be at work.
// RUN: %gordian check %s -- -std=c++20 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
#include <mutex>
#include <thread>

static std::mutex store, ledger;

static void work() {
  {
    std::lock_guard first(store);
    std::lock_guard second(ledger);
  }
  std::lock_guard first(ledger);
  std::lock_guard second(store); // CHECK: threads_in_turn.cpp:[[@LINE]]:{{.*}}[lock-order-inversion]
}

int main() {
  std::thread one(work);
  std::thread two(work);
  one.join();
  two.join();
}
