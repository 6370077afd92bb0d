// SPDX-License-Identifier: MIT
// The lower index, by std::min, is locked first.
// RUN: %gordian check %s -- -std=c++20
#include <algorithm>
#include <mutex>
#include <vector>

std::vector<std::mutex> stripes(16);
long value[16];

void move(std::size_t from, std::size_t to, long n) {
  if (from == to)
    return;
  std::size_t lower = std::min(from, to), higher = std::max(from, to);
  std::lock_guard<std::mutex> l(stripes[lower]);
  std::lock_guard<std::mutex> k(stripes[higher]);
  value[from] -= n;
  value[to] += n;
}
