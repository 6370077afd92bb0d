// SPDX-License-Identifier: MIT
// A semaphore is used as a lock for a while; then another thread posts what its holder took, and it is a signal.
// The post comes before the first thread takes its locks.
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
  sem_init(&ready, 0, 1);
  for (int i = 0; i < 100; i++) {
    sem_wait(&ready);
    sem_post(&ready);
  }
  sem_wait(&ready);
  std::thread a(first), b(second);
  a.join();
  b.join();
}
