// SPDX-License-Identifier: MIT
// The same two locks, in one order everywhere.
// RUN: %cxx %s -o %t
// RUN: timeout 20 %run -- %t > %t.out 2>&1
// RUN: %FileCheck %s < %t.out
// CHECK-NOT: error:
// CHECK: no findings
#include <mutex>
#include <thread>

static std::mutex store, ledger;
static int entries;

static void sell() {
  std::lock_guard<std::mutex> a(store);
  std::lock_guard<std::mutex> b(ledger);
  entries++;
}

static void audit() {
  std::lock_guard<std::mutex> b(store);
  std::lock_guard<std::mutex> a(ledger);
  entries++;
}

int main() {
  std::thread first([] { sell(); });
  std::thread second([] { audit(); });
  first.join();
  second.join();
}
