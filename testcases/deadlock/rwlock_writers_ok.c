// SPDX-License-Identifier: MIT
// Readers only, of rwlocks that prefer readers: nobody waits for anybody.
// RUN: %cc %s -o %t
// RUN: timeout 20 %run -- %t > %t.out 2>&1
// RUN: %FileCheck %s < %t.out
// CHECK: no findings
#include <pthread.h>

static pthread_rwlock_t routes = PTHREAD_RWLOCK_INITIALIZER, peers = PTHREAD_RWLOCK_INITIALIZER;
static const int version = 3;
static int seen[2];

static void *first(void *arg) {
  pthread_rwlock_rdlock(&routes);
  pthread_rwlock_rdlock(&peers);
  seen[0] = version;
  pthread_rwlock_unlock(&peers);
  pthread_rwlock_unlock(&routes);
  return arg;
}

static void *second(void *arg) {
  pthread_rwlock_rdlock(&peers);
  pthread_rwlock_rdlock(&routes);
  seen[1] = version;
  pthread_rwlock_unlock(&routes);
  pthread_rwlock_unlock(&peers);
  return arg;
}

int main(void) {
  pthread_t a, b;
  pthread_create(&a, NULL, first, NULL);
  pthread_create(&b, NULL, second, NULL);
  pthread_join(a, NULL);
  pthread_join(b, NULL);
}
