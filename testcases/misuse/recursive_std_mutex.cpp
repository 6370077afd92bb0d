// SPDX-License-Identifier: MIT
// std::mutex is not re-entrant.
// RUN: %gordian check --rule data-race=off %s -- -std=c++20 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK-DAG: [non-reentrant-reacquire]
#include <mutex>

class Tree {
public:
  void add(int n) {
    std::lock_guard<std::mutex> l(m); // CHECK-DAG: recursive_std_mutex.cpp:[[@LINE]]:
    size += n;
    if (n > 0)
      add(n - 1);
  }

private:
  std::mutex m;
  int size = 0;
};

Tree tree;
void grow() { tree.add(3); }
