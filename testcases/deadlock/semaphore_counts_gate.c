// SPDX-License-Identifier: MIT
// Three threads, three locks in a ring, and a semaphore that lets all three in.
// RUN: %cc %s -o %t
// RUN: timeout 20 %run -- %t > %t.out 2>&1; test $? -eq 66
// RUN: %FileCheck %s < %t.out
// CHECK-DAG: {{\[(lock-order-inversion|deadlock)\]}}
#include <pthread.h>
#include <semaphore.h>
#include <stddef.h>

static pthread_mutex_t lock[3] = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER,
                                  PTHREAD_MUTEX_INITIALIZER};
static sem_t room;

static void enter(void) {
  sem_wait(&room);
}
static void leave(void) {
  sem_post(&room);
}

static void *dine(void *arg) {
  size_t i = (size_t)arg;
  for (int n = 0; n < 10; n++) {
    enter();
    pthread_mutex_lock(&lock[i]);
    pthread_mutex_lock(&lock[(i + 1) % 3]); // CHECK-DAG: semaphore_counts_gate.c:[[@LINE]]
    pthread_mutex_unlock(&lock[(i + 1) % 3]);
    pthread_mutex_unlock(&lock[i]);
    leave();
  }
  return NULL;
}

int main(void) {
  pthread_t t[3];
  sem_init(&room, 0, 3);
  for (size_t i = 0; i < 3; i++)
    pthread_create(&t[i], NULL, dine, (void *)i);
  for (int i = 0; i < 3; i++)
    pthread_join(t[i], NULL);
  return 0;
}
