// SPDX-License-Identifier: MIT
// The thread says that it is about to end, and then asks for the lock once more, with which it is joined.
// RUN: %cc %s -o %t
// RUN: timeout 60 %run -- %t > %t.out 2>&1; test $? -eq 66
// RUN: %FileCheck %s < %t.out
// CHECK: {{\[(deadlock|blocking-under-lock)\]}}
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t told = PTHREAD_COND_INITIALIZER, go = PTHREAD_COND_INITIALIZER;
static int ended, started, sum;

static void *work(void *arg) {
  pthread_mutex_lock(&lock);
  while (!started)
    pthread_cond_wait(&go, &lock);
  ended = 1;
  pthread_cond_broadcast(&told);
  pthread_mutex_unlock(&lock);
  pthread_mutex_lock(&lock);
  sum++;
  pthread_mutex_unlock(&lock);
  return arg;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, work, NULL);
  pthread_mutex_lock(&lock);
  started = 1;
  pthread_cond_broadcast(&go);
  while (!ended)
    pthread_cond_wait(&told, &lock);
  pthread_join(thread, NULL);
  pthread_mutex_unlock(&lock);
}
