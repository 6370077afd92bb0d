// SPDX-License-Identifier: MIT
// Both orders, each in a thread of its own.
// RUN: %cxx %s -I%S/Inputs -o %t
// RUN: timeout 20 %run -- %t > %t.out 2>&1; test $? -eq 66
// RUN: %FileCheck %s < %t.out
// CHECK: [lock-order-inversion]
#include "opposite.h"

void before_first() {}
void after_first() {}
void before_second() { pause_a_little(); }
void after_second() {}

int main() {
  std::thread a(first), b(second);
  a.join();
  b.join();
}
