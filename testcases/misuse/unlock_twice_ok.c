// SPDX-License-Identifier: MIT
// Released once on each path.
// RUN: %cc %s -o %t
// RUN: timeout 20 %run -- %t > %t.out 2>&1
// RUN: %FileCheck %s < %t.out
// CHECK: no findings
#include <pthread.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static int n;

static void __attribute__((noinline)) store(int v) {
  pthread_mutex_lock(&m);
  if (v < 0)
    n = 0;
  else
    n = v;
  pthread_mutex_unlock(&m);
}

int main(void) {
  store(1);
  store(-1);
}
