// SPDX-License-Identifier: MIT
// One side only tries for its second lock: it gives up rather than wait.
// RUN: %cc %s -o %t
// RUN: timeout 20 %run -- %t > %t.out 2>&1
// RUN: %FileCheck %s < %t.out
// CHECK: no findings
#include <pthread.h>
#include <unistd.h>

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;
static int n;

static void *first(void *arg) {
  pthread_mutex_lock(&a);
  if (pthread_mutex_trylock(&b) == 0) {
    n++;
    pthread_mutex_unlock(&b);
  }
  pthread_mutex_unlock(&a);
  return arg;
}

static void *second(void *arg) {
  usleep(50000);
  pthread_mutex_lock(&b);
  pthread_mutex_lock(&a);
  n++;
  pthread_mutex_unlock(&a);
  pthread_mutex_unlock(&b);
  return arg;
}

int main(void) {
  pthread_t x, y;
  pthread_create(&x, NULL, first, NULL);
  pthread_create(&y, NULL, second, NULL);
  pthread_join(x, NULL);
  pthread_join(y, NULL);
}
