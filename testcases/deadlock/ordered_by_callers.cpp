// SPDX-License-Identifier: MIT
// A private helper locks two objects as they come: one of its callers does not care which comes first.
// RUN: %gordian check --rule lock-order-inversion %s -- -std=c++20 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
#include <mutex>
#include <string>

class Queue {
public:
  void drainInto(Queue &o) {
    if (id < o.id)
      take(*this, o);
    else
      take(o, *this);
  }
  void fillFrom(Queue &o) {
    Queue *low = this, *high = &o;
    if (high->n < low->n && low == &o)
      std::swap(low, high);
    take(*low, *high);
  }

private:
  static void take(Queue &first, Queue &second) {
    std::lock_guard<std::mutex> a(first.m);
    std::lock_guard<std::mutex> b(second.m); // CHECK-DAG: callers.cpp:[[@LINE]]:{{.*}}-inversion]
    std::swap(first.n, second.n);
  }
  const int id = 0;
  std::mutex m;
  int n = 0;
};
