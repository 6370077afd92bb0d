// SPDX-License-Identifier: MIT
// The mutex is taken after the thread that asks for it was created, and is forgotten.
// RUN: %cc %s -o %t
// RUN: timeout 20 %run -- %t > %t.out 2>&1; test $? -eq 66
// RUN: %FileCheck %s < %t.out
// CHECK-DAG: [lock-leak]
#include <pthread.h>
#include <semaphore.h>
#include <unistd.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static sem_t used;

static void *worker(void *arg) {
  pthread_mutex_lock(&m);
  pthread_mutex_unlock(&m);
  sem_post(&used);
  for (;;)
    pause();
  return arg;
}

int main(void) {
  pthread_t t;
  sem_init(&used, 0, 0);
  pthread_create(&t, NULL, worker, NULL);
  sem_wait(&used);
  pthread_mutex_lock(&m); // CHECK-DAG: parked_thread.c:[[@LINE]]
  return 0;
}
