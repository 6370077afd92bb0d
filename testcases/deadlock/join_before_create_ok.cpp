// SPDX-License-Identifier: MIT
// The first thread is joined before the second is created.
// RUN: %cxx %s -I%S/Inputs -o %t
// RUN: timeout 20 %run -- %t > %t.out 2>&1; test $? -eq 0
// RUN: %FileCheck %s < %t.out
// CHECK: no findings
#include "opposite.h"

void before_first() {}
void after_first() {}
void before_second() {}
void after_second() {}

int main() {
  std::thread a(first);
  a.join();
  std::thread b(second);
  b.join();
}
