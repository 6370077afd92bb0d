// SPDX-License-Identifier: MIT
// unique_lock::release gives up the lock, and nobody unlocks it.
// RUN: %gordian check --rule data-race=off %s -- -std=c++20 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK-DAG: [lock-leak]
#include <mutex>

static std::mutex m;
static int n;

void open() {
  std::unique_lock<std::mutex> l(m); // CHECK-DAG: unique_lock_release.cpp:[[@LINE]]:
  ++n;
  l.release();
}

void close() {
  std::lock_guard<std::mutex> l(m);
  --n;
}
