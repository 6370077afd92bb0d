// SPDX-License-Identifier: MIT
// A holder that takes its time, with others waiting: slow is not dead.
// RUN: %cc %s -o %t
// RUN: timeout 20 %run -- %t > %t.out 2>&1
// RUN: %FileCheck %s < %t.out
// CHECK: no findings
#include <pthread.h>
#include <unistd.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static int n;

static void *use(void *seconds) {
  pthread_mutex_lock(&m);
  usleep((useconds_t)(long)seconds * 1000000u);
  n++;
  pthread_mutex_unlock(&m);
  return NULL;
}

int main(void) {
  pthread_t t[3];
  for (long i = 0; i < 3; i++)
    pthread_create(&t[i], NULL, use, (void *)(i == 0 ? 2 : 0));
  for (int i = 0; i < 3; i++)
    pthread_join(t[i], NULL);
}
