// SPDX-License-Identifier: MIT
// An object ends while its mutex is locked.
// RUN: %gordian check --rule data-race=off %s -- -std=c++20 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK-DAG: [lock-leak]
#include <mutex>

struct Job {
  std::mutex m;
  int v = 0;
};

int run(int k) {
  Job j;
  j.m.lock(); // CHECK-DAG: local_object_held.cpp:[[@LINE]]:
  j.v = k;
  return j.v;
}
