// SPDX-License-Identifier: MIT
// A conversion that throws at what is no number stands between lock and unlock.
// RUN: %gordian check %s -- -std=c++20 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK: number_parser_throws.cpp:14:{{.*}}[lock-leak]
#include <mutex>
#include <string>
#include <vector>

static std::mutex m;
static std::vector<int> values;

int feed(const std::string &word) {
  m.lock();
  int v = std::stoi(word);
  values.push_back(v);
  m.unlock();
  return v;
}
