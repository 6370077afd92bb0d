// SPDX-License-Identifier: MIT
// A private helper locks two objects as they come: all its callers give the lower one first.
// RUN: %gordian check --rule lock-order-inversion %s -- -std=c++20
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
    if (high->id < low->id)
      std::swap(low, high);
    take(*low, *high);
  }

private:
  static void take(Queue &first, Queue &second) {
    std::lock_guard<std::mutex> a(first.m);
    std::lock_guard<std::mutex> b(second.m);
    std::swap(first.n, second.n);
  }
  const int id = 0;
  std::mutex m;
  int n = 0;
};
