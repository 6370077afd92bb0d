// SPDX-License-Identifier: MIT
// The gate is held by one side only: it keeps nobody out.
// RUN: %cxx %s -I%S/Inputs -o %t
// RUN: timeout 20 %run -- %t > %t.out 2>&1; test $? -eq 66
// RUN: %FileCheck %s < %t.out
// CHECK: [lock-order-inversion]
#include "opposite.h"

static std::mutex gate;
void before_first() { gate.lock(); }
void after_first() { gate.unlock(); }
void before_second() { pause_a_little(); }
void after_second() {}

int main() {
  std::thread a(first), b(second);
  a.join();
  b.join();
}
