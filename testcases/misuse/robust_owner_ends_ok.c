// SPDX-License-Identifier: MIT
// A thread ends with a robust mutex, twice; the next one to take it is told.
// RUN: %cc %s -o %t
// RUN: timeout 20 %run -- %t > %t.out 2>&1
// RUN: %FileCheck %s < %t.out
// CHECK: no findings
#include <errno.h>
#include <pthread.h>

static pthread_mutex_t m;

static void *ends(void *arg) {
  if (pthread_mutex_lock(&m) == EOWNERDEAD)
    pthread_mutex_consistent(&m);
  return arg;
}

int main(void) {
  pthread_t t;
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
  pthread_mutex_init(&m, &attributes);
  for (int i = 0; i < 2; i++) {
    pthread_create(&t, NULL, ends, NULL);
    pthread_join(t, NULL);
  }
  if (pthread_mutex_lock(&m) == EOWNERDEAD)
    pthread_mutex_consistent(&m);
  pthread_mutex_unlock(&m);
  return 0;
}
