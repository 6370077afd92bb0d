// SPDX-License-Identifier: MIT
// A thread waits for a permit with the mutex held that whoever gives the permit back takes before that.
// RUN: %cc %s -o %t
// RUN: timeout 20 %run -- %t > %t.out 2>&1; test $? -eq 66
// RUN: %FileCheck %s < %t.out
#include <pthread.h>
#include <semaphore.h>
#include <stddef.h>

static pthread_mutex_t grab = PTHREAD_MUTEX_INITIALIZER;
static sem_t permits, turn;

static void *worker(void *arg) {
  sem_wait(&permits);
  sem_post(&turn);           // from here on the main thread takes the other permit, and waits for this one
  pthread_mutex_lock(&grab); // CHECK-DAG: permits_under_lock.c:[[@LINE]]
  pthread_mutex_unlock(&grab);
  sem_post(&permits);
  return arg;
}

int main(void) {
  pthread_t t;
  sem_init(&permits, 0, 2);
  sem_init(&turn, 0, 0);
  pthread_create(&t, NULL, worker, NULL);
  sem_wait(&turn);
  pthread_mutex_lock(&grab);
  sem_wait(&permits);
  sem_wait(&permits); // CHECK-DAG: permits_under_lock.c:[[@LINE]]
  pthread_mutex_unlock(&grab);
  pthread_join(t, NULL);
  return 0;
}
// CHECK-DAG: {{\[(blocking-under-lock|deadlock)\]}}
