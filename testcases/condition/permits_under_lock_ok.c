// SPDX-License-Identifier: MIT
// Two permits are taken at once, under a mutex that nobody needs who has some.
// RUN: %cc %s -o %t
// RUN: timeout 20 %run -- %t > %t.out 2>&1
// RUN: %FileCheck %s < %t.out
// CHECK: no findings
#include <pthread.h>
#include <semaphore.h>
#include <stddef.h>

static pthread_mutex_t grab = PTHREAD_MUTEX_INITIALIZER;
static sem_t permits, turn;

static void take(void) {
  pthread_mutex_lock(&grab);
  sem_wait(&permits);
  sem_wait(&permits);
  pthread_mutex_unlock(&grab);
}

static void *worker(void *arg) {
  take();
  sem_post(&turn);
  sem_post(&permits);
  sem_post(&permits);
  return arg;
}

int main(void) {
  pthread_t t;
  sem_init(&permits, 0, 3);
  sem_init(&turn, 0, 0);
  pthread_create(&t, NULL, worker, NULL);
  sem_wait(&turn);
  take();
  pthread_join(t, NULL);
  return 0;
}
