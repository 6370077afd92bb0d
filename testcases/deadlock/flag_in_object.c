// SPDX-License-Identifier: MIT
// The member that is waited for is set before the locks are taken; behind them another one is written.
// RUN: %cc -O1 %s -o %t
// RUN: timeout 20 %run -- %t > %t.out 2>&1; test $? -eq 66
// RUN: %FileCheck %s < %t.out
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>

struct job {
  pthread_mutex_t a, b;
  atomic_int started, result;
};

static int memory;
volatile int *nested = &memory; // keeps this run from hanging, and is no order that anybody could see

static void *first(void *arg) {
  struct job *j = arg;
  atomic_store(&j->started, 1);
  pthread_mutex_lock(&j->a);
  pthread_mutex_lock(&j->b); // CHECK-DAG: flag_in_object.c:[[@LINE]]
  pthread_mutex_unlock(&j->b);
  pthread_mutex_unlock(&j->a);
  atomic_store(&j->result, 1);
  *nested = 1;
  return arg;
}

static void *second(void *arg) {
  struct job *j = arg;
  while (!atomic_load(&j->started))
    sched_yield();
  while (!*nested)
    sched_yield();
  pthread_mutex_lock(&j->b);
  pthread_mutex_lock(&j->a); // CHECK-DAG: flag_in_object.c:[[@LINE]]
  pthread_mutex_unlock(&j->a);
  pthread_mutex_unlock(&j->b);
  return arg;
}

int main(void) {
  struct job *j = malloc(sizeof *j);
  pthread_t t, u;
  pthread_mutex_init(&j->a, NULL);
  pthread_mutex_init(&j->b, NULL);
  atomic_init(&j->started, 0);
  pthread_create(&t, NULL, first, j);
  pthread_create(&u, NULL, second, j);
  pthread_join(t, NULL);
  pthread_join(u, NULL);
  free(j);
  return 0;
}
// CHECK-DAG: [lock-order-inversion]
