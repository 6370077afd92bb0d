// SPDX-License-Identifier: MIT
// An accessor returns a unique_lock, and its caller keeps it.
// RUN: %gordian check --rule data-race=off %s -- -std=c++20 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK-DAG: [non-reentrant-reacquire]
#include <mutex>

class Table {
public:
  std::unique_lock<std::mutex> lock() { return std::unique_lock<std::mutex>(m); }
  int size() {
    std::lock_guard<std::mutex> l(m); // CHECK-DAG: guard_from_accessor.cpp:[[@LINE]]:
    return n;
  }

private:
  std::mutex m;
  int n = 0;
};

Table table;

int f() {
  auto l = table.lock();
  return table.size();
}
