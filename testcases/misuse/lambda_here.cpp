// SPDX-License-Identifier: MIT
// A lambda runs here, under the lock that it takes.
// RUN: %gordian check --rule data-race=off %s -- -std=c++20 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK-DAG: [non-reentrant-reacquire]
#include <mutex>
#include <thread>

static std::mutex m;
static int n;

template <class F>
void run(F &&f) {
  f();
}

void go() {
  auto add = [] {
    std::lock_guard<std::mutex> l(m); // CHECK-DAG: lambda_here.cpp:[[@LINE]]:
    ++n;
  };
  std::lock_guard<std::mutex> l(m); // CHECK-DAG: lambda_here.cpp:[[@LINE]]:
  run(add);
}
