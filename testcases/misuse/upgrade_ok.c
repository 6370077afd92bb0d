// SPDX-License-Identifier: MIT
// The reader releases, asks for the write lock, and tests again.
// RUN: %cc %s -o %t
// RUN: timeout 20 %run -- %t > %t.out 2>&1
// RUN: %FileCheck %s < %t.out
// CHECK: no findings
#include <pthread.h>
#include <time.h>

static pthread_rwlock_t rw = PTHREAD_RWLOCK_INITIALIZER;
static int value;

int main(void) {
  struct timespec soon;
  clock_gettime(CLOCK_REALTIME, &soon);
  soon.tv_nsec = (soon.tv_nsec + 50000000) % 1000000000;
  pthread_rwlock_rdlock(&rw);
  int empty = value == 0;
  pthread_rwlock_unlock(&rw);
  if (empty && pthread_rwlock_timedwrlock(&rw, &soon) == 0) {
    value = value ? value : 1;
    pthread_rwlock_unlock(&rw);
  }
}
