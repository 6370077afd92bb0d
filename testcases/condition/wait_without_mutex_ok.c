// SPDX-License-Identifier: MIT
// The waiter holds the mutex, and tests its predicate in a loop.
// RUN: %cc %s -o %t
// RUN: timeout 20 %run -- %t > %t.out 2>&1
// RUN: %FileCheck %s < %t.out
// CHECK: no findings
#include <pthread.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t ready = PTHREAD_COND_INITIALIZER;
static int set;

static void *setter(void *arg) {
  pthread_mutex_lock(&m);
  set = 1;
  pthread_cond_signal(&ready);
  pthread_mutex_unlock(&m);
  return arg;
}

int main(void) {
  pthread_t t;
  pthread_create(&t, NULL, setter, NULL);
  pthread_mutex_lock(&m);
  while (!set)
    pthread_cond_wait(&ready, &m);
  pthread_mutex_unlock(&m);
  pthread_join(t, NULL);
}
