// SPDX-License-Identifier: MIT
// A local that another thread writes through a reference while its owner reads it.
// RUN: %gordian check %s -- -std=c++20 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
#include <thread>
static void parse(const char *s, int *type) { *type = s[0]; }
int show(const char *s) {
  int type = 0;
  std::thread t([&] { parse(s, &type); });
  int seen = type; // CHECK: [data-race]
  t.join();
  return seen;
}
