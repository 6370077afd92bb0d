// SPDX-License-Identifier: MIT
// The third thread takes its pair in the order of the others: no ring.
// RUN: %cc %s -o %t
// RUN: timeout 20 %run -- %t > %t.out 2>&1
// RUN: %FileCheck %s < %t.out
// CHECK: no findings
#include <pthread.h>

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER, c = PTHREAD_MUTEX_INITIALIZER;
static int n;

static void nest(pthread_mutex_t *outer, pthread_mutex_t *inner) {
  pthread_mutex_lock(outer);
  pthread_mutex_lock(inner);
  n++;
  pthread_mutex_unlock(inner);
  pthread_mutex_unlock(outer);
}

static void *first(void *arg) {
  nest(&a, &b);
  return arg;
}

static void *second(void *arg) {
  nest(&b, &c);
  return arg;
}

static void *third(void *arg) {
  nest(&a, &c);
  return arg;
}

int main(void) {
  void *(*run[])(void *) = {first, second, third};
  pthread_t t[3];
  for (int i = 0; i < 3; i++)
    pthread_create(&t[i], NULL, run[i], NULL);
  for (int i = 0; i < 3; i++)
    pthread_join(t[i], NULL);
}
