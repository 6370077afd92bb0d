// SPDX-License-Identifier: MIT
// Elements of an array, by enumerators, in both orders.
// RUN: %gordian check --rule data-race=off %s -- -std=c++20 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK-DAG: [lock-order-inversion]
#include <array>
#include <mutex>

enum Which { Input, Output, Count };
static std::array<std::mutex, Count> locks;
static int n;

void f() {
  std::lock_guard<std::mutex> l(locks[Input]);
  std::lock_guard<std::mutex> k(locks[Output]); // CHECK-DAG: array_of_locks.cpp:[[@LINE]]:
  ++n;
}

void g() {
  std::lock_guard<std::mutex> k(locks[Output]);
  std::lock_guard<std::mutex> l(locks[Input]); // CHECK-DAG: array_of_locks.cpp:[[@LINE]]:
  ++n;
}
