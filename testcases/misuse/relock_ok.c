// SPDX-License-Identifier: MIT
// The caller releases before it calls; and a try-acquisition of one's own lock is a probe.
// RUN: %cc %s -o %t
// RUN: timeout 20 %run -- %t > %t.out 2>&1
// RUN: %FileCheck %s < %t.out
// CHECK: no findings
#include <pthread.h>

static pthread_mutex_t m;
static int total;

static int __attribute__((noinline)) add(int v) {
  int status = pthread_mutex_lock(&m);
  total += v;
  if (status == 0)
    pthread_mutex_unlock(&m);
  return status;
}

int main(void) {
  pthread_mutexattr_t kind;
  pthread_mutexattr_init(&kind);
  pthread_mutexattr_settype(&kind, PTHREAD_MUTEX_ERRORCHECK);
  pthread_mutex_init(&m, &kind);
  pthread_mutex_lock(&m);
  if (pthread_mutex_trylock(&m) == 0)
    pthread_mutex_unlock(&m);
  pthread_mutex_unlock(&m);
  add(1);
}
