// SPDX-License-Identifier: MIT
// Two waiters of one condition with a mutex each.
// RUN: %cc %s -o %t
// RUN: timeout 20 %run -- %t > %t.out 2>&1; test $? -eq 66
// RUN: %FileCheck %s < %t.out
#include <pthread.h>
#include <unistd.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER, n = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t ready = PTHREAD_COND_INITIALIZER;
static volatile int set;

static void *first(void *arg) {
  pthread_mutex_lock(&m);
  while (!set)
    pthread_cond_wait(&ready, &m); // CHECK-DAG: two_mutexes.c:[[@LINE]]
  pthread_mutex_unlock(&m);
  return arg;
}

static void *second(void *arg) {
  pthread_mutex_lock(&n);
  while (!set)
    pthread_cond_wait(&ready, &n); // CHECK-DAG: two_mutexes.c:[[@LINE]]
  pthread_mutex_unlock(&n);
  return arg;
}

int main(void) {
  pthread_t a, b;
  pthread_create(&a, NULL, first, NULL);
  pthread_create(&b, NULL, second, NULL);
  usleep(100000);
  pthread_mutex_lock(&m);
  pthread_mutex_lock(&n);
  set = 1;
  pthread_mutex_unlock(&n);
  pthread_mutex_unlock(&m);
  pthread_cond_broadcast(&ready);
  pthread_join(a, NULL);
  pthread_join(b, NULL);
}
// CHECK-DAG: all waiters must use one mutex [condition-misuse]
