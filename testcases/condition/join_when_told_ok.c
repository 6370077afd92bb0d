// SPDX-License-Identifier: MIT
// The threads put themselves on a list, under the lock, as their last act; who waits for the list joins them with the
// lock held. They ask for it no more.
// RUN: %cc %s -o %t
// RUN: timeout 60 %run -- %t > %t.out 2>&1
// RUN: %FileCheck %s < %t.out
// CHECK: no findings
#include <pthread.h>

enum { kThreads = 4 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t told = PTHREAD_COND_INITIALIZER, go = PTHREAD_COND_INITIALIZER;
static pthread_t ended[kThreads];
static int count, started;

static void *work(void *arg) {
  pthread_mutex_lock(&lock);
  while (!started)
    pthread_cond_wait(&go, &lock);
  ended[count++] = pthread_self();
  pthread_cond_broadcast(&told);
  pthread_mutex_unlock(&lock);
  return arg;
}

int main(void) {
  pthread_t thread;
  for (int i = 0; i < kThreads; i++)
    pthread_create(&thread, NULL, work, NULL);
  pthread_mutex_lock(&lock);
  started = 1;
  pthread_cond_broadcast(&go);
  for (int joined = 0; joined < kThreads; joined++) {
    while (count == joined)
      pthread_cond_wait(&told, &lock);
    pthread_join(ended[joined], NULL);
  }
  pthread_mutex_unlock(&lock);
}
