// SPDX-License-Identifier: MIT
// Both orders in one thread: it cannot block itself this way.
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
  std::thread a([] {
    first();
    second();
  });
  a.join();
}
