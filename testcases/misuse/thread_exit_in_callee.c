// SPDX-License-Identifier: MIT
// A function that is called with the lock held ends the thread.
// RUN: %gordian check %s -- -std=gnu17 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK: [lock-leak]
#include <pthread.h>
#include <stddef.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static int jobs = 8;

static void check(int job) {
  if (job == 3)
    pthread_exit(NULL);
}

static void *work(void *arg) {
  (void)arg;
  for (;;) {
    pthread_mutex_lock(&m);
    if (jobs == 0) {
      pthread_mutex_unlock(&m);
      return NULL;
    }
    int job = --jobs;
    check(job);
    pthread_mutex_unlock(&m);
  }
}

int main(void) {
  pthread_t t;
  pthread_create(&t, NULL, work, NULL);
  pthread_join(t, NULL);
}
