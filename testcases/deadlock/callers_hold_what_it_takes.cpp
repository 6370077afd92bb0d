// SPDX-License-Identifier: MIT
// All callers in the program hold a lock that the function takes itself: it was not written for them, so it
// is also judged as called from outside, without the lock.
// RUN: %gordian check %s -- -std=c++20 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK-DAG: `ids` and `table` are acquired in opposite orders by `nextId` and `insert`{{.*}}[lock-order-inversion]
// CHECK-DAG: `nextId` acquires `table`, which its thread already holds{{.*}}[non-reentrant-reacquire]
#include <mutex>
static std::mutex table, ids;
static int rows, id;
int nextId() {
  std::lock_guard<std::mutex> i(ids);
  if (id > 1000) {
    std::lock_guard<std::mutex> t(table);
    rows = 0;
  }
  return ++id;
}
int insert() {
  std::lock_guard<std::mutex> t(table);
  rows = nextId();
  return rows;
}
