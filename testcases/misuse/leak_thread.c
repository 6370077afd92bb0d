// SPDX-License-Identifier: MIT
// A worker returns with its lock held.
// RUN: %cc %s -o %t
// RUN: timeout 20 %run -- %t > %t.out 2>&1; test $? -eq 66
// RUN: %FileCheck %s < %t.out
#include <pthread.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static int n;

static void *worker(void *arg) {
  pthread_mutex_lock(&m); // CHECK: leak_thread.c:[[@LINE]]:{{.*}}warning: {{.*}}`m`{{.*}}[lock-leak]
  if (!arg)
    return NULL;
  n++;
  pthread_mutex_unlock(&m);
  return arg;
}

int main(void) {
  pthread_t t;
  pthread_create(&t, NULL, worker, NULL);
  pthread_join(t, NULL);
}
