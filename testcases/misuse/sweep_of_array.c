// SPDX-License-Identifier: MIT
// All locks of an array are taken if all are free; if not, those that were taken are kept.
// RUN: %gordian check %s -- -std=gnu17 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK: sweep_of_array.c:13:{{.*}}[lock-leak]
#include <pthread.h>

static pthread_mutex_t shard[8], all = PTHREAD_MUTEX_INITIALIZER;
static int value[8];

static int lock_all(void) {
  int i;
  pthread_mutex_lock(&all);
  for (i = 0; i < 8; i++)
    if (pthread_mutex_trylock(&shard[i]) != 0)
      goto undo;
  pthread_mutex_unlock(&all);
  return 1;
undo:
  while (--i >= 0)
    pthread_mutex_unlock(&shard[i]);
  return 0;
}
int snapshot(int *out) {
  if (!lock_all())
    return -1;
  for (int i = 0; i < 8; i++)
    out[i] = value[i];
  for (int i = 7; i >= 0; i--)
    pthread_mutex_unlock(&shard[i]);
  return 0;
}
