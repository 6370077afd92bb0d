// SPDX-License-Identifier: MIT
// Nobody holds a lock, and yet nobody can go on: each waits for the token that the other would give.
// RUN: %cc %s -o %t
// RUN: timeout 20 %run -- %t > %t.out 2>&1; test $? -eq 66
// RUN: %FileCheck %s < %t.out
#include <pthread.h>
#include <semaphore.h>

static sem_t ping, pong;

static void *left(void *arg) {
  sem_wait(&ping); // CHECK-DAG: hang_stall.c:[[@LINE]]:{{.*}} waits for ping
  sem_post(&pong);
  return arg;
}

static void *right(void *arg) {
  sem_wait(&pong); // CHECK-DAG: hang_stall.c:[[@LINE]]:{{.*}} waits for pong
  sem_post(&ping);
  return arg;
}

int main(void) {
  pthread_t a, b;
  sem_init(&ping, 0, 0); // one of them should begin with a token
  sem_init(&pong, 0, 0);
  pthread_create(&a, NULL, left, NULL);
  pthread_create(&b, NULL, right, NULL);
  pthread_join(a, NULL); // CHECK-DAG: hang_stall.c:[[@LINE]]:{{.*}} joins thread
  pthread_join(b, NULL);
}
// CHECK-DAG: error: all threads are blocked and nothing can wake one{{.*}}[deadlock]
