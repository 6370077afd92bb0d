// SPDX-License-Identifier: MIT
// A template runs its caller's lambda under the lock, and the lambda asks the object that it captured for more.
// RUN: not %gordian check %s -- -std=c++20 2>&1 | %FileCheck %s
// CHECK: lambda_calls_back.cpp:[[@LINE+13]]:{{[0-9]+}}: error: {{.*}} [non-reentrant-reacquire]
// CHECK-NOT: lock-order-inversion
#include <map>
#include <mutex>

class Registry {
public:
  template <class F> void forEach(F f) {
    std::lock_guard<std::mutex> l(m);
    for (auto &e : entries)
      f(e.first, e.second);
  }
  int get(int k) {
    std::lock_guard<std::mutex> l(m);
    return entries[k];
  }

private:
  std::mutex m;
  std::map<int, int> entries;
};

int total(Registry &r) {
  int sum = 0;
  r.forEach([&](int k, int) { sum += r.get(k); });
  return sum;
}
