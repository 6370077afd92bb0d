// SPDX-License-Identifier: MIT
// A reader asks for the write lock while it reads: it would wait for itself. It asks with a time limit, so it gets away.
// RUN: %cc %s -o %t
// RUN: timeout 20 %run -- %t > %t.out 2>&1; test $? -eq 66
// RUN: %FileCheck %s < %t.out
#include <pthread.h>
#include <time.h>

static pthread_rwlock_t rw = PTHREAD_RWLOCK_INITIALIZER;
static int value;

int main(void) {
  struct timespec soon;
  clock_gettime(CLOCK_REALTIME, &soon);
  soon.tv_nsec = (soon.tv_nsec + 50000000) % 1000000000;
  pthread_rwlock_rdlock(&rw);
  if (value == 0 && pthread_rwlock_timedwrlock(&rw, &soon) == 0) { // CHECK: upgrade.c:[[@LINE]]:{{.*}}error: `main` asks for `rw` exclusively while its thread holds it shared{{.*}}[non-reentrant-reacquire]
    value = 1;
    pthread_rwlock_unlock(&rw);
  }
  pthread_rwlock_unlock(&rw);
}
