// SPDX-License-Identifier: MIT
// Two threads that one call starts add to the same local variable.
// RUN: %gordian check %s -- -std=c++20 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
#include <thread>
#include <vector>
long sum(const std::vector<int> &v) {
  long total = 0;
  size_t half = v.size() / 2;
  std::thread a([&] {
    for (size_t i = 0; i < half; ++i)
      total += v[i]; // CHECK: [data-race]
  });
  std::thread b([&] {
    for (size_t i = half; i < v.size(); ++i)
      total += v[i];
  });
  a.join();
  b.join();
  return total;
}
