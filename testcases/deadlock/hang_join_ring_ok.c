// SPDX-License-Identifier: MIT
// Each thread joins the next one; the last joins nobody.
// RUN: %cc %s -o %t
// RUN: timeout 30 %run -- %t > %t.out 2>&1
// RUN: %FileCheck %s < %t.out
// CHECK: no findings
#include <pthread.h>

static pthread_t all[3];
static pthread_barrier_t started;

static void *member(void *arg) {
  long i = (long)arg;
  pthread_barrier_wait(&started);
  if (i < 2)
    pthread_join(all[i + 1], NULL);
  return NULL;
}

int main(void) {
  pthread_barrier_init(&started, NULL, 4);
  for (long i = 0; i < 3; i++)
    pthread_create(&all[i], NULL, member, (void *)i);
  pthread_barrier_wait(&started);
  pthread_join(all[0], NULL);
  return 0;
}
