// SPDX-License-Identifier: MIT
// A gate that both hold in shared mode keeps nobody apart.
// RUN: %gordian check --rule data-race=off %s -- -std=c++20 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK-DAG: [lock-order-inversion]
#include <mutex>
#include <shared_mutex>

static std::shared_mutex gate;
static std::mutex a, b;
static int n;

void f() {
  std::shared_lock g(gate);
  std::lock_guard l(a);
  std::lock_guard k(b); // CHECK-DAG: shared_gate.cpp:[[@LINE]]:
  ++n;
}

void h() {
  std::shared_lock g(gate);
  std::lock_guard k(b);
  std::lock_guard l(a); // CHECK-DAG: shared_gate.cpp:[[@LINE]]:
  --n;
}

void reload() {
  std::unique_lock g(gate);
  n = 0;
}
