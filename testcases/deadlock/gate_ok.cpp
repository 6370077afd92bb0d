// SPDX-License-Identifier: MIT
// Both sides hold a common gate: they never are inside at once.
// RUN: %cxx %s -I%S/Inputs -o %t
// RUN: timeout 20 %run -- %t > %t.out 2>&1; test $? -eq 0
// RUN: %FileCheck %s < %t.out
// CHECK: no findings
#include "opposite.h"

static std::mutex gate;
void before_first() { gate.lock(); }
void after_first() { gate.unlock(); }
void before_second() { gate.lock(); }
void after_second() { gate.unlock(); }

int main() {
  std::thread a(first), b(second);
  a.join();
  b.join();
}
