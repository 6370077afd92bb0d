// SPDX-License-Identifier: MIT
// Two threads take two locks in opposite orders. The run itself goes well: the order is what is wrong.
// RUN: %cxx %s -o %t
// RUN: timeout 20 %run -- %t > %t.out 2>&1; test $? -eq 66
// RUN: %FileCheck %s < %t.out
#include <mutex>
#include <thread>

static std::mutex store, ledger;
static int entries;

static void sell() {
  std::lock_guard<std::mutex> a(store);
  // CHECK-DAG: abba.cpp:[[@LINE+1]]:{{[0-9]+}}: note: {{.*}} asks for ledger{{.*}} in sell
  std::lock_guard<std::mutex> b(ledger);
  entries++;
}

static void audit() {
  // CHECK-DAG: abba.cpp:[[@LINE+1]]:{{[0-9]+}}: note: {{.*}} acquires ledger, in audit
  std::lock_guard<std::mutex> a(ledger);
  // CHECK-DAG: abba.cpp:[[@LINE+1]]:{{[0-9]+}}: note: {{.*}} asks for store{{.*}} in audit
  std::lock_guard<std::mutex> b(store);
  entries++;
}

int main() {
  std::thread first([] { sell(); });
  std::thread second([] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    audit();
  });
  first.join();
  second.join();
}
// CHECK-DAG: error: `{{store|ledger}}` and `{{store|ledger}}` are acquired in opposite orders{{.*}}[lock-order-inversion]
// CHECK-DAG: 1 finding
