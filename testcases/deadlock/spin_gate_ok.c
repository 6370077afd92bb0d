// SPDX-License-Identifier: MIT
// A spin lock of the program's own keeps the two orders apart.
// RUN: %cc %s -o %t -lrt
// RUN: timeout 20 %run -- %t > %t.out 2>&1
// RUN: %FileCheck %s < %t.out
// CHECK: no findings
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stddef.h>

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;
static atomic_int taken;
static int memory;
volatile int *nested = &memory; // keeps this run from hanging, and is no order that anybody could see

static void enter(void) {
  while (atomic_exchange(&taken, 1))
    sched_yield();
}

static void leave(void) {
  atomic_store(&taken, 0);
}

static void *first(void *arg) {
  enter();
  pthread_mutex_lock(&a);
  pthread_mutex_lock(&b);
  pthread_mutex_unlock(&b);
  pthread_mutex_unlock(&a);
  *nested = 1;
  leave();
  return arg;
}

static void *second(void *arg) {
  while (!*nested)
    sched_yield();
  enter();
  pthread_mutex_lock(&b);
  pthread_mutex_lock(&a);
  pthread_mutex_unlock(&a);
  pthread_mutex_unlock(&b);
  leave();
  return arg;
}

int main(void) {
  pthread_t t, u;
  pthread_create(&t, NULL, first, NULL);
  pthread_create(&u, NULL, second, NULL);
  pthread_join(t, NULL);
  pthread_join(u, NULL);
  return 0;
}
