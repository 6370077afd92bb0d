// SPDX-License-Identifier: MIT
// Sixteen threads end at one time, and the main thread waits for what none of them has posted.
// RUN: %cc %s -o %t
// RUN: timeout 30 %run -- %t > %t.out 2>&1; test $? -eq 66
// RUN: %FileCheck %s < %t.out
// CHECK-DAG: [deadlock]
#include <pthread.h>
#include <semaphore.h>
#include <stddef.h>

enum { kThreads = 16 };

static pthread_barrier_t together;
static sem_t finished;

static void *worker(void *arg) {
  pthread_barrier_wait(&together);
  return arg;
}

int main(void) {
  pthread_t t;
  pthread_barrier_init(&together, NULL, kThreads);
  sem_init(&finished, 0, 0);
  for (int i = 0; i < kThreads; i++) {
    pthread_create(&t, NULL, worker, NULL);
    pthread_detach(t);
  }
  sem_wait(&finished); // CHECK-DAG: hang_threads_end.c:[[@LINE]]
  return 0;
}
