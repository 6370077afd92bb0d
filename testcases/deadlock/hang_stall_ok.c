// SPDX-License-Identifier: MIT
// One of them begins with a token.
// RUN: %cc %s -o %t
// RUN: timeout 20 %run -- %t > %t.out 2>&1
// RUN: %FileCheck %s < %t.out
// CHECK: no findings
#include <pthread.h>
#include <semaphore.h>

static sem_t ping, pong;

static void *left(void *arg) {
  sem_wait(&ping);
  sem_post(&pong);
  return arg;
}

static void *right(void *arg) {
  sem_wait(&pong);
  sem_post(&ping);
  return arg;
}

int main(void) {
  pthread_t a, b;
  sem_init(&ping, 0, 1);
  sem_init(&pong, 0, 0);
  pthread_create(&a, NULL, left, NULL);
  pthread_create(&b, NULL, right, NULL);
  pthread_join(a, NULL);
  pthread_join(b, NULL);
}
