// SPDX-License-Identifier: MIT
// Structured bindings name the locks.
// RUN: %gordian check --rule data-race=off %s -- -std=c++20 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK-DAG: [lock-order-inversion]
#include <mutex>

struct Locks {
  std::mutex in, out;
};
static Locks locks;
static int n;

void f() {
  auto &[i, o] = locks;
  std::lock_guard l(i);
  std::lock_guard k(o); // CHECK-DAG: structured_binding.cpp:[[@LINE]]:
  ++n;
}

void g() {
  auto &[i, o] = locks;
  std::lock_guard l(o);
  std::lock_guard k(i); // CHECK-DAG: structured_binding.cpp:[[@LINE]]:
  ++n;
}
