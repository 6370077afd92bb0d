// SPDX-License-Identifier: MIT
// The initialiser is asked for before the mutex is taken.
// RUN: %cc %s -o %t
// RUN: timeout 30 %run -- %t > %t.out 2>&1
// RUN: %FileCheck %s < %t.out
// CHECK: no findings
#include <pthread.h>
#include <unistd.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static int table;

static void fill(void) {
  pthread_mutex_lock(&m);
  table = 1;
  pthread_mutex_unlock(&m);
}

static void *early(void *arg) {
  pthread_once(&once, fill);
  return arg;
}

static void *late(void *arg) {
  pthread_once(&once, fill);
  pthread_mutex_lock(&m);
  pthread_mutex_unlock(&m);
  return arg;
}

int main(void) {
  pthread_t a, b;
  pthread_create(&a, 0, early, 0);
  usleep(100000); // only so that this run survives
  pthread_create(&b, 0, late, 0);
  pthread_join(a, 0);
  pthread_join(b, 0);
}
