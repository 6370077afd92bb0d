// SPDX-License-Identifier: MIT
// It leaves that to the guard.
// RUN: %gordian check --rule data-race=off %s -- -std=c++20
#include <mutex>
#include <vector>

static std::mutex m;
static std::vector<int> values;

int put(int v) {
  std::unique_lock<std::mutex> l(m);
  try {
    values.push_back(v);
  } catch (...) {
    return -1;
  }
  return 0;
}
