// SPDX-License-Identifier: MIT
// The only thread waits for itself.
// RUN: %cc %s -o %t
// RUN: timeout 20 %run -- %t > %t.out 2>&1; test $? -eq 66
// RUN: %FileCheck %s < %t.out
#include <pthread.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;

static void __attribute__((noinline)) descend(int depth) {
  pthread_mutex_lock(&m); // CHECK: hang_self.c:[[@LINE]]:{{.*}}error: a thread blocks itself for good{{.*}}[deadlock]
  if (depth > 0)
    descend(depth - 1);
  pthread_mutex_unlock(&m);
}

int main(void) {
  descend(1);
}
