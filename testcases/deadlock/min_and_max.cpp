// SPDX-License-Identifier: MIT
// The indices are locked as they come.
// RUN: %gordian check %s -- -std=c++20 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK: [lock-order-inversion]
#include <algorithm>
#include <mutex>
#include <vector>

std::vector<std::mutex> stripes(16);
long value[16];

void move(std::size_t from, std::size_t to, long n) {
  if (from == to)
    return;
  std::size_t lower = from, higher = to;
  std::lock_guard<std::mutex> l(stripes[lower]);
  std::lock_guard<std::mutex> k(stripes[higher]);
  value[from] -= n;
  value[to] += n;
}
