// SPDX-License-Identifier: MIT
// The first thread is joined after the second was created: they overlap.
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
  std::thread a(first);
  std::thread b(second);
  a.join();
  b.join();
}
