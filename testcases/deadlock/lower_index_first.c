// SPDX-License-Identifier: MIT
// The indices are computed, and locked as they come.
// RUN: %gordian check %s -- -std=gnu17 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK: [lock-order-inversion]
#include <pthread.h>

static pthread_mutex_t stripe[16];
static long value[16];

void move(unsigned a, unsigned b, long n) {
  a %= 16;
  b %= 16;
  if (a == b)
    return;
  unsigned first = a, second = b;
  pthread_mutex_lock(&stripe[first]);
  pthread_mutex_lock(&stripe[second]);
  value[a] -= n;
  value[b] += n;
  pthread_mutex_unlock(&stripe[second]);
  pthread_mutex_unlock(&stripe[first]);
}
