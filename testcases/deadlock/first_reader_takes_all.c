// SPDX-License-Identifier: MIT
// A writer takes the unit first and asks for the mutex then, which a reader holds who asks for the unit.
// RUN: %cc %s -o %t
// RUN: timeout 20 %run -- %t > %t.out 2>&1; test $? -eq 66
// RUN: %FileCheck %s < %t.out
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stddef.h>

static pthread_mutex_t counting = PTHREAD_MUTEX_INITIALIZER;
static sem_t room;
static int readers, memory;
volatile int *over = &memory; // keeps this run from hanging, and is no order that anybody could see

static void *reader(void *arg) {
  pthread_mutex_lock(&counting);
  if (++readers == 1)
    sem_wait(&room); // CHECK-DAG: first_reader_takes_all.c:[[@LINE]]
  if (--readers == 0)
    sem_post(&room);
  pthread_mutex_unlock(&counting);
  *over = 1;
  return arg;
}

static void *writer(void *arg) {
  while (!*over)
    sched_yield();
  sem_wait(&room);
  pthread_mutex_lock(&counting); // CHECK-DAG: first_reader_takes_all.c:[[@LINE]]
  pthread_mutex_unlock(&counting);
  sem_post(&room);
  return arg;
}

int main(void) {
  pthread_t t, u;
  sem_init(&room, 0, 1);
  pthread_create(&t, NULL, reader, NULL);
  pthread_create(&u, NULL, writer, NULL);
  pthread_join(t, NULL);
  pthread_join(u, NULL);
  return 0;
}
// CHECK-DAG: [lock-order-inversion]
