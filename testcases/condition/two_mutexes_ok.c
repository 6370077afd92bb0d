// SPDX-License-Identifier: MIT
// One condition with two mutexes, but never at one time: it may be bound anew once nobody waits.
// RUN: %cc %s -o %t
// RUN: timeout 20 %run -- %t > %t.out 2>&1
// RUN: %FileCheck %s < %t.out
// CHECK: no findings
#include <pthread.h>
#include <unistd.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER, n = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t ready = PTHREAD_COND_INITIALIZER;
static int set;

static void *wait_with(void *mutex) {
  pthread_mutex_lock(mutex);
  while (!set)
    pthread_cond_wait(&ready, mutex);
  set = 0;
  pthread_mutex_unlock(mutex);
  return NULL;
}

static void phase(pthread_mutex_t *mutex) {
  pthread_t t;
  pthread_create(&t, NULL, wait_with, mutex);
  usleep(50000);
  pthread_mutex_lock(mutex);
  set = 1;
  pthread_cond_signal(&ready);
  pthread_mutex_unlock(mutex);
  pthread_join(t, NULL);
}

int main(void) {
  phase(&m);
  phase(&n);
}
