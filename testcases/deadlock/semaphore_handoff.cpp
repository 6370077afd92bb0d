// SPDX-License-Identifier: MIT
// The semaphore is posted before the first thread takes its locks.
// RUN: %cxx %s -I%S/Inputs -o %t
// RUN: timeout 20 %run -- %t > %t.out 2>&1; test $? -eq 66
// RUN: %FileCheck %s < %t.out
// CHECK: [lock-order-inversion]
#include "opposite.h"
#include <semaphore.h>

static sem_t ready;
void before_first() { sem_post(&ready); }
void after_first() {}
void before_second() {
  sem_wait(&ready);
  pause_a_little();
}
void after_second() {}

int main() {
  sem_init(&ready, 0, 0);
  std::thread a(first), b(second);
  a.join();
  b.join();
}
