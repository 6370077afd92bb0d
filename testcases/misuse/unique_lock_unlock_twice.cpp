// SPDX-License-Identifier: MIT
// unlock() of a unique_lock that gave its lock up on one path.
// RUN: %gordian check --rule data-race=off %s -- -std=c++20 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK-DAG: [release-without-acquire]
#include <mutex>

static std::mutex m;
static int n;

void f(bool early) {
  std::unique_lock<std::mutex> l(m);
  ++n;
  if (early)
    l.unlock();
  l.unlock(); // CHECK-DAG: unique_lock_unlock_twice.cpp:[[@LINE]]:
}
