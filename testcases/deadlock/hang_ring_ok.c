// SPDX-License-Identifier: MIT
// The last one takes its two locks in the other order: no ring.
// RUN: %cc %s -o %t
// RUN: timeout 30 %run -- %t > %t.out 2>&1
// RUN: %FileCheck %s < %t.out
// CHECK: no findings
#include <pthread.h>

static pthread_mutex_t forks[5];

static void *dine(void *arg) {
  long i = (long)arg, low = i < 4 ? i : 0, high = i < 4 ? i + 1 : 4;
  for (int n = 0; n < 100; n++) {
    pthread_mutex_lock(&forks[low]);
    pthread_mutex_lock(&forks[high]);
    pthread_mutex_unlock(&forks[high]);
    pthread_mutex_unlock(&forks[low]);
  }
  return NULL;
}

int main(void) {
  pthread_t t[5];
  for (int i = 0; i < 5; i++)
    pthread_mutex_init(&forks[i], NULL);
  for (long i = 0; i < 5; i++)
    pthread_create(&t[i], NULL, dine, (void *)i);
  for (int i = 0; i < 5; i++)
    pthread_join(t[i], NULL);
  return 0;
}
