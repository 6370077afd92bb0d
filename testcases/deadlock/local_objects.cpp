// SPDX-License-Identifier: MIT
// Two local objects that a thread shares by reference.
// RUN: %gordian check --rule data-race=off %s -- -std=c++20 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK-DAG: [lock-order-inversion]
#include <mutex>
#include <thread>

struct Box {
  std::mutex m;
  int v = 0;
};

int f() {
  Box a, b;
  std::thread t([&a, &b] {
    std::lock_guard<std::mutex> l(a.m);
    std::lock_guard<std::mutex> k(b.m); // CHECK-DAG: local_objects.cpp:[[@LINE]]:
    a.v = 1;
  });
  {
    std::lock_guard<std::mutex> k(b.m);
    std::lock_guard<std::mutex> l(a.m); // CHECK-DAG: local_objects.cpp:[[@LINE]]:
    b.v = a.v;
  }
  t.join();
  return b.v;
}
