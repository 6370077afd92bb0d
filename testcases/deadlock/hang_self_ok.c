// SPDX-License-Identifier: MIT
// The same with a re-entrant mutex.
// RUN: %cc %s -o %t
// RUN: timeout 20 %run -- %t > %t.out 2>&1
// RUN: %FileCheck %s < %t.out
// CHECK: no findings
#define _GNU_SOURCE
#include <pthread.h>

static pthread_mutex_t m = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;

static void __attribute__((noinline)) descend(int depth) {
  pthread_mutex_lock(&m);
  if (depth > 0)
    descend(depth - 1);
  pthread_mutex_unlock(&m);
}

int main(void) {
  descend(1);
}
