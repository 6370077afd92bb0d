// SPDX-License-Identifier: MIT
// The sense of try_lock is inverted.
// RUN: %gordian check --rule data-race=off %s -- -std=c++20 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK-DAG: [lock-leak]
#include <mutex>

static std::mutex m;
static int n;

bool bump() {
  if (m.try_lock()) // CHECK-DAG: try_lock_inverted.cpp:[[@LINE]]:
    return false;
  ++n;
  return true;
}

void drop() {
  std::lock_guard<std::mutex> l(m);
  --n;
}
