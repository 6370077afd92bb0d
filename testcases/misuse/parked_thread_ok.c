// SPDX-License-Identifier: MIT
// A thread is created parked at a mutex, let go, and parked again when the process ends.
// RUN: %cc %s -o %t
// RUN: timeout 20 %run -- %t > %t.out 2>&1
// RUN: %FileCheck %s < %t.out
// CHECK: no findings
#include <pthread.h>
#include <semaphore.h>

static pthread_mutex_t park = PTHREAD_MUTEX_INITIALIZER;
static sem_t ran;

static void *worker(void *arg) {
  for (;;) {
    pthread_mutex_lock(&park);
    pthread_mutex_unlock(&park);
    sem_post(&ran);
  }
  return arg;
}

static void start(void) { pthread_mutex_unlock(&park); }
static void stop(void) { pthread_mutex_lock(&park); }

int main(void) {
  pthread_t t;
  sem_init(&ran, 0, 0);
  stop();
  pthread_create(&t, NULL, worker, NULL);
  start();
  sem_wait(&ran);
  stop();
  return 0;
}
