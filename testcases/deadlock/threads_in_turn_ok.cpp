// SPDX-License-Identifier: MIT
// One function that is started at two places, but never before the earlier thread has been joined.
// RUN: %gordian check %s -- -std=c++20 | %FileCheck %s --allow-empty
// CHECK-NOT: lock-order-inversion
#include <mutex>
#include <thread>

static std::mutex store, ledger;

static void work() {
  {
    std::lock_guard first(store);
    std::lock_guard second(ledger);
  }
  std::lock_guard first(ledger);
  std::lock_guard second(store);
}

int main() {
  std::thread one(work);
  one.join();
  std::thread two(work);
  two.join();
}
