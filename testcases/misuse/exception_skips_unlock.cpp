// SPDX-License-Identifier: MIT
// A callee that throws stands between lock and unlock.
// RUN: %gordian check --rule data-race=off %s -- -std=c++20 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK-DAG: [lock-leak]
#include <mutex>
#include <stdexcept>

static std::mutex m;

static int check(int v) {
  if (v < 0)
    throw std::invalid_argument("negative");
  return v * 2;
}

int parse(int v) {
  m.lock(); // CHECK-DAG: exception_skips_unlock.cpp:[[@LINE]]:
  int r = check(v);
  m.unlock();
  return r;
}
