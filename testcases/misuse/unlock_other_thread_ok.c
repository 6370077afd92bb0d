// SPDX-License-Identifier: MIT
// A semaphore may be taken by one thread and given by another: that is what it is for.
// RUN: %cc %s -o %t
// RUN: timeout 20 %run -- %t > %t.out 2>&1
// RUN: %FileCheck %s < %t.out
// CHECK: no findings
#include <pthread.h>
#include <semaphore.h>

static sem_t token, taken;

static void *helper(void *arg) {
  sem_wait(&taken);
  sem_post(&token);
  return arg;
}

int main(void) {
  pthread_t t;
  sem_init(&token, 0, 1);
  sem_init(&taken, 0, 0);
  pthread_create(&t, NULL, helper, NULL);
  sem_wait(&token);
  sem_post(&taken);
  pthread_join(t, NULL);
  sem_wait(&token);
  sem_post(&token);
}
