// SPDX-License-Identifier: MIT
// The semaphore is posted when the first thread is done.
// RUN: %cxx %s -I%S/Inputs -o %t
// RUN: timeout 20 %run -- %t > %t.out 2>&1; test $? -eq 0
// RUN: %FileCheck %s < %t.out
// CHECK: no findings
#include "opposite.h"
#include <semaphore.h>

static sem_t ready;
void before_first() {}
void after_first() { sem_post(&ready); }
void before_second() { sem_wait(&ready); }
void after_second() {}

int main() {
  sem_init(&ready, 0, 0);
  std::thread a(first), b(second);
  a.join();
  b.join();
}
