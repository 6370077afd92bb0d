// SPDX-License-Identifier: MIT
// The guard that took over still holds the mutex.
// RUN: %gordian check --rule data-race=off %s -- -std=c++20 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK-DAG: [non-reentrant-reacquire]
#include <mutex>
#include <utility>

static std::mutex m;
static int n;

void f() {
  std::unique_lock<std::mutex> l(m); // CHECK-DAG: unique_lock_moved.cpp:[[@LINE]]:
  std::unique_lock<std::mutex> k = std::move(l);
  ++n;
  l = std::unique_lock<std::mutex>(m); // CHECK-DAG: unique_lock_moved.cpp:[[@LINE]]:
  ++n;
}
