// SPDX-License-Identifier: MIT
// A scoped_lock of two is safe by itself, not under and around a third lock.
// RUN: %gordian check --rule data-race=off %s -- -std=c++20 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK-DAG: [lock-order-inversion]
#include <mutex>

static std::mutex a, b, c;
static int n;

void f() {
  std::lock_guard<std::mutex> l(c);
  std::scoped_lock k(a, b); // CHECK-DAG: scoped_lock_nested.cpp:[[@LINE]]:
  ++n;
}

void g() {
  std::scoped_lock k(b, a);
  std::lock_guard<std::mutex> l(c); // CHECK-DAG: scoped_lock_nested.cpp:[[@LINE]]:
  --n;
}
