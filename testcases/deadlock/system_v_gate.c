// SPDX-License-Identifier: MIT
// One of the two threads does not go through the gate, a System V semaphore.
// RUN: %cc %s -o %t
// RUN: timeout 20 %run -- %t > %t.out 2>&1; test $? -eq 66
// RUN: %FileCheck %s < %t.out
// CHECK-DAG: [lock-order-inversion]
#include <pthread.h>
#include <sched.h>
#include <stddef.h>
#include <sys/ipc.h>
#include <sys/sem.h>

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;
static int gate;
static int memory;
volatile int *nested = &memory; // keeps this run from hanging, and is no order that anybody could see

static void add(int units) {
  struct sembuf operation = {0, (short)units, 0};
  semop(gate, &operation, 1);
}

static void *first(void *arg) {
  pthread_mutex_lock(&a);
  pthread_mutex_lock(&b); // CHECK-DAG: system_v_gate.c:[[@LINE]]
  pthread_mutex_unlock(&b);
  pthread_mutex_unlock(&a);
  *nested = 1;
  return arg;
}

static void *second(void *arg) {
  while (!*nested)
    sched_yield();
  add(-1);
  pthread_mutex_lock(&b);
  pthread_mutex_lock(&a); // CHECK-DAG: system_v_gate.c:[[@LINE]]
  pthread_mutex_unlock(&a);
  pthread_mutex_unlock(&b);
  add(1);
  return arg;
}

int main(void) {
  pthread_t t, u;
  gate = semget(IPC_PRIVATE, 1, 0600 | IPC_CREAT);
  add(1);
  pthread_create(&t, NULL, first, NULL);
  pthread_create(&u, NULL, second, NULL);
  pthread_join(t, NULL);
  pthread_join(u, NULL);
  semctl(gate, 0, IPC_RMID);
  return 0;
}
