// SPDX-License-Identifier: MIT
// A mutex is destroyed while it is held.
// RUN: %cc %s -o %t
// RUN: timeout 20 %run -- %t > %t.out 2>&1; test $? -eq 66
// RUN: %FileCheck %s < %t.out
#include <pthread.h>
#include <stdlib.h>

struct job {
  pthread_mutex_t lock;
  int n;
};

int main(void) {
  struct job *j = malloc(sizeof *j);
  pthread_mutex_init(&j->lock, NULL);
  pthread_mutex_lock(&j->lock); // CHECK: destroy_held.c:[[@LINE]]:{{.*}}warning: `main` destroys `job::lock` while it is held{{.*}}[lock-leak]
  j->n = 1;
  pthread_mutex_destroy(&j->lock);
  free(j);
}
