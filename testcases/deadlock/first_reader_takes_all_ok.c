// SPDX-License-Identifier: MIT
// The first reader takes the unit for all, under the mutex of their count, and the last gives it back.
// RUN: %cc %s -o %t
// RUN: timeout 20 %run -- %t > %t.out 2>&1
// RUN: %FileCheck %s < %t.out
// CHECK: no findings
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stddef.h>

static pthread_mutex_t counting = PTHREAD_MUTEX_INITIALIZER;
static sem_t room;
static int readers, memory;
volatile int *over = &memory; // one reader is over before the next comes, and nobody could see that

static void *reader(void *arg) {
  while (!arg && !*over)
    sched_yield();
  pthread_mutex_lock(&counting);
  if (++readers == 1)
    sem_wait(&room);
  pthread_mutex_unlock(&counting);
  pthread_mutex_lock(&counting);
  if (--readers == 0)
    sem_post(&room);
  pthread_mutex_unlock(&counting);
  *over = 1;
  return arg;
}

int main(void) {
  pthread_t t, u;
  sem_init(&room, 0, 1);
  pthread_create(&t, NULL, reader, &t);
  pthread_create(&u, NULL, reader, NULL);
  pthread_join(t, NULL);
  pthread_join(u, NULL);
  return 0;
}
