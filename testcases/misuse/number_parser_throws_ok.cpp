// SPDX-License-Identifier: MIT
// A conversion that throws at what is no number stands before the lock.
// RUN: %gordian check %s -- -std=c++20
#include <mutex>
#include <string>
#include <vector>

static std::mutex m;
static std::vector<int> values;

int feed(const std::string &word) {
  int v = std::stoi(word);
  m.lock();
  values.push_back(v);
  m.unlock();
  return v;
}
