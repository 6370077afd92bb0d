// SPDX-License-Identifier: MIT
// A handler unlocks what the guard releases, too.
// RUN: %gordian check --rule data-race=off %s -- -std=c++20 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK-DAG: [release-without-acquire]
#include <mutex>
#include <vector>

static std::mutex m;
static std::vector<int> values;

int put(int v) {
  std::unique_lock<std::mutex> l(m);
  try {
    values.push_back(v);
  } catch (...) {
    m.unlock();
    return -1; // CHECK-DAG: handler_unlocks_guarded.cpp:[[@LINE]]:
  }
  return 0;
}
