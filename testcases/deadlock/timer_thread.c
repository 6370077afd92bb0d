// SPDX-License-Identifier: MIT
// The same code in a thread whose creation is seen: it may come before the main thread's locks.
// RUN: %cc %s -o %t -lrt
// RUN: timeout 20 %run -- %t > %t.out 2>&1; test $? -eq 66
// RUN: %FileCheck %s < %t.out
// CHECK-DAG: [lock-order-inversion]
#include <pthread.h>
#include <sched.h>
#include <stddef.h>

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;
static int memory;
volatile int *nested = &memory; // keeps this run from hanging, and is no order that anybody could see

static void *tick(void *arg) {
  while (!*nested)
    sched_yield();
  pthread_mutex_lock(&b);
  pthread_mutex_lock(&a); // CHECK-DAG: timer_thread.c:[[@LINE]]
  pthread_mutex_unlock(&a);
  pthread_mutex_unlock(&b);
  return arg;
}

int main(void) {
  pthread_t t;
  pthread_create(&t, NULL, tick, NULL);
  pthread_mutex_lock(&a);
  pthread_mutex_lock(&b); // CHECK-DAG: timer_thread.c:[[@LINE]]
  pthread_mutex_unlock(&b);
  pthread_mutex_unlock(&a);
  *nested = 1;
  pthread_join(t, NULL);
  return 0;
}
