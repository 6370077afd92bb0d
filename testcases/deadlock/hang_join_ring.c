// SPDX-License-Identifier: MIT
// Three threads join each other in a ring; the C library notices rings of two only.
// RUN: %cc %s -o %t
// RUN: timeout 30 %run -- %t > %t.out 2>&1; test $? -eq 66
// RUN: %FileCheck %s < %t.out
#include <pthread.h>

static pthread_t all[3];
static pthread_barrier_t started;

static void *member(void *arg) {
  long i = (long)arg;
  pthread_barrier_wait(&started);
  pthread_join(all[(i + 1) % 3], NULL); // CHECK-DAG: hang_join_ring.c:[[@LINE]]
  return NULL;
}

int main(void) {
  pthread_barrier_init(&started, NULL, 4);
  for (long i = 0; i < 3; i++)
    pthread_create(&all[i], NULL, member, (void *)i);
  pthread_barrier_wait(&started);
  pthread_exit(NULL);
}
// CHECK-DAG: [deadlock]
