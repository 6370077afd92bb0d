// SPDX-License-Identifier: MIT
// Released before it is destroyed.
// RUN: %cc %s -o %t
// RUN: timeout 20 %run -- %t > %t.out 2>&1
// RUN: %FileCheck %s < %t.out
// CHECK: no findings
#include <pthread.h>
#include <stdlib.h>

struct job {
  pthread_mutex_t lock;
  int n;
};

int main(void) {
  struct job *j = malloc(sizeof *j);
  pthread_mutex_init(&j->lock, NULL);
  pthread_mutex_lock(&j->lock);
  j->n = 1;
  pthread_mutex_unlock(&j->lock);
  pthread_mutex_destroy(&j->lock);
  free(j);
}
