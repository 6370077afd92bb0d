// SPDX-License-Identifier: MIT
// A helper locks what its caller holds; the error-checking mutex answers EDEADLK and nobody looks.
// RUN: %cc %s -o %t
// RUN: timeout 20 %run -- %t > %t.out 2>&1; test $? -eq 66
// RUN: %FileCheck %s < %t.out
#include <pthread.h>

static pthread_mutex_t m;
static int total;

static int __attribute__((noinline)) add(int v) {
  int status = pthread_mutex_lock(&m); // CHECK: relock.c:[[@LINE]]:{{.*}}error: `add` acquires `m`, which its thread already holds{{.*}}[non-reentrant-reacquire]
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
  add(1);
  pthread_mutex_unlock(&m);
}
