// SPDX-License-Identifier: MIT
// A thread ends with a robust mutex, and nobody takes it afterwards.
// RUN: %cc %s -o %t
// RUN: timeout 20 %run -- %t > %t.out 2>&1; test $? -eq 66
// RUN: %FileCheck %s < %t.out
// CHECK-DAG: [lock-leak]
#include <errno.h>
#include <pthread.h>

static pthread_mutex_t m;

static void *ends(void *arg) {
  if (pthread_mutex_lock(&m) == EOWNERDEAD) // CHECK-DAG: robust_owner_ends.c:[[@LINE]]
    pthread_mutex_consistent(&m);
  return arg;
}

int main(void) {
  pthread_t t;
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
  pthread_mutex_init(&m, &attributes);
  pthread_create(&t, NULL, ends, NULL);
  pthread_join(t, NULL);
  return 0;
}
