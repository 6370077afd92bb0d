// SPDX-License-Identifier: MIT
// A barrier before both orders keeps nothing apart: they are in one phase.
// RUN: %cc %s -o %t
// RUN: timeout 30 %run -- %t > %t.out 2>&1; test $? -eq 66
// RUN: %FileCheck %s < %t.out
#include <pthread.h>
#include <unistd.h>

static pthread_barrier_t barrier;
static pthread_mutex_t rows = PTHREAD_MUTEX_INITIALIZER, columns = PTHREAD_MUTEX_INITIALIZER;

static void *byRow(void *arg) {
  pthread_barrier_wait(&barrier);
  pthread_mutex_lock(&rows);
  pthread_mutex_lock(&columns); // CHECK-DAG: barrier_phases.c:[[@LINE]]:{{.*}} asks for columns
  pthread_mutex_unlock(&columns);
  pthread_mutex_unlock(&rows);
  pthread_barrier_wait(&barrier);
  return arg;
}

static void *byColumn(void *arg) {
  pthread_barrier_wait(&barrier);
  usleep(100000); // only so that this run survives
  pthread_mutex_lock(&columns);
  pthread_mutex_lock(&rows); // CHECK-DAG: barrier_phases.c:[[@LINE]]:{{.*}} asks for rows
  pthread_mutex_unlock(&rows);
  pthread_mutex_unlock(&columns);
  pthread_barrier_wait(&barrier);
  return arg;
}

int main(void) {
  pthread_t a, b;
  pthread_barrier_init(&barrier, 0, 2);
  pthread_create(&a, 0, byRow, 0);
  pthread_create(&b, 0, byColumn, 0);
  pthread_join(a, 0);
  pthread_join(b, 0);
}
// CHECK-DAG: are acquired in opposite orders{{.*}}[lock-order-inversion]
