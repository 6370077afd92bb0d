// SPDX-License-Identifier: MIT
// Each thread has a variable of its own. Two calls at a time have two of each: a thread of the one call never
// meets its like of the other there.
// RUN: %gordian check %s -- -std=c++20 | %FileCheck %s
// CHECK: no findings
#include <thread>
#include <vector>
long sum(const std::vector<int> &v) {
  long left = 0, right = 0;
  size_t half = v.size() / 2;
  std::thread a([&] {
    for (size_t i = 0; i < half; ++i)
      left += v[i];
  });
  std::thread b([&] {
    for (size_t i = half; i < v.size(); ++i)
      right += v[i];
  });
  a.join();
  b.join();
  return left + right;
}
