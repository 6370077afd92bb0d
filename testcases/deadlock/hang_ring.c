// SPDX-License-Identifier: MIT
// Five threads each hold a lock and wait for the next one's.
// RUN: %cc %s -o %t
// RUN: timeout 30 %run -- %t > %t.out 2>&1; test $? -eq 66
// RUN: %FileCheck %s < %t.out
#include <pthread.h>

static pthread_mutex_t forks[5];
static pthread_barrier_t seated;

static void *dine(void *arg) {
  long i = (long)arg;
  pthread_mutex_lock(&forks[i]);
  pthread_barrier_wait(&seated);
  pthread_mutex_lock(&forks[(i + 1) % 5]); // CHECK-DAG: hang_ring.c:[[@LINE]]
  pthread_mutex_unlock(&forks[(i + 1) % 5]);
  pthread_mutex_unlock(&forks[i]);
  return NULL;
}

int main(void) {
  pthread_t t[5];
  pthread_barrier_init(&seated, NULL, 5);
  for (int i = 0; i < 5; i++)
    pthread_mutex_init(&forks[i], NULL);
  for (long i = 0; i < 5; i++)
    pthread_create(&t[i], NULL, dine, (void *)i);
  for (int i = 0; i < 5; i++)
    pthread_join(t[i], NULL);
  return 0;
}
// CHECK-DAG: [deadlock]
