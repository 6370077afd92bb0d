// SPDX-License-Identifier: MIT
// Two objects are compared by their names, but what is locked first does not go by it.
// RUN: %gordian check --rule lock-order-inversion %s -- -std=c++20 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
#include <mutex>
#include <string>
#include <utility>

class Queue {
public:
  bool operator<(const Queue &o) const { return name < o.name; }
  void drainInto(Queue &o) {
    Queue *first = this, *second = &o;
    if (first->name == second->name)
      std::swap(first, second);
    std::lock_guard<std::mutex> a(first->m);
    std::lock_guard<std::mutex> b(second->m); // CHECK-DAG: key.cpp:[[@LINE]]:{{.*}}-inversion]
    o.n += n;
    n = 0;
  }

private:
  const std::string name;
  std::mutex m;
  int n = 0;
};
