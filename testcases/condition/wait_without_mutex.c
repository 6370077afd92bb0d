// SPDX-License-Identifier: MIT
// A condition wait whose mutex the waiter does not hold.
// RUN: %cc %s -o %t
// RUN: timeout 20 %run -- %t > %t.out 2>&1; test $? -eq 66
// RUN: %FileCheck %s < %t.out
#include <errno.h>
#include <pthread.h>
#include <time.h>

static pthread_mutex_t m;
static pthread_cond_t ready = PTHREAD_COND_INITIALIZER;

int main(void) {
  pthread_mutexattr_t checked; // so that the wait fails instead of doing something undefined
  pthread_mutexattr_init(&checked);
  pthread_mutexattr_settype(&checked, PTHREAD_MUTEX_ERRORCHECK);
  pthread_mutex_init(&m, &checked);
  struct timespec soon;
  clock_gettime(CLOCK_REALTIME, &soon);
  return pthread_cond_timedwait(&ready, &m, &soon) == EPERM ? 0 : 1; // CHECK: wait_without_mutex.c:[[@LINE]]:{{.*}} `main` waits for `ready` with `m`, which its thread does not hold{{.*}}[condition-misuse]
}
