// SPDX-License-Identifier: MIT
// The loop before the second order reads another variable than the first writes afterwards.
// RUN: %cc %s -o %t
// RUN: timeout 20 %run -- %t > %t.out 2>&1; test $? -eq 66
// RUN: %FileCheck %s < %t.out
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;
static atomic_int started, done;
static int memory;
volatile int *nested = &memory; // keeps this run from hanging, and is no order that anybody could see

static void *first(void *arg) {
  atomic_store(&started, 1);
  pthread_mutex_lock(&a);
  pthread_mutex_lock(&b); // CHECK-DAG: flag_polled.c:[[@LINE]]
  pthread_mutex_unlock(&b);
  pthread_mutex_unlock(&a);
  *nested = 1;
  atomic_store(&done, 1);
  return arg;
}

static void *second(void *arg) {
  while (!atomic_load(&started) || !*nested)
    sched_yield();
  pthread_mutex_lock(&b);
  pthread_mutex_lock(&a); // CHECK-DAG: flag_polled.c:[[@LINE]]
  pthread_mutex_unlock(&a);
  pthread_mutex_unlock(&b);
  return arg;
}

int main(void) {
  pthread_t t, u;
  pthread_create(&t, NULL, first, NULL);
  pthread_create(&u, NULL, second, NULL);
  pthread_join(t, NULL);
  pthread_join(u, NULL);
  return atomic_load(&done) - 1;
}
// CHECK-DAG: [lock-order-inversion]
