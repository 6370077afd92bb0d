// SPDX-License-Identifier: MIT
// The function that may end the thread is called without the lock.
// RUN: %gordian check %s -- -std=gnu17
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
    pthread_mutex_unlock(&m);
    check(job);
  }
}

int main(void) {
  pthread_t t;
  pthread_create(&t, NULL, work, NULL);
  pthread_join(t, NULL);
}
