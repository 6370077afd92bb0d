// SPDX-License-Identifier: MIT
// A ring of three: no two threads are in conflict, all three together are.
// RUN: %cc %s -o %t
// RUN: timeout 20 %run -- %t > %t.out 2>&1; test $? -eq 66
// RUN: %FileCheck %s < %t.out
#include <pthread.h>
#include <unistd.h>

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER, c = PTHREAD_MUTEX_INITIALIZER;
static int n;

static void *first(void *arg) {
  pthread_mutex_lock(&a);
  pthread_mutex_lock(&b); // CHECK-DAG: three_way.c:[[@LINE]]:{{.*}} asks for b
  n++;
  pthread_mutex_unlock(&b);
  pthread_mutex_unlock(&a);
  return arg;
}

static void *second(void *arg) {
  usleep(50000);
  pthread_mutex_lock(&b);
  pthread_mutex_lock(&c); // CHECK-DAG: three_way.c:[[@LINE]]:{{.*}} asks for c
  n++;
  pthread_mutex_unlock(&c);
  pthread_mutex_unlock(&b);
  return arg;
}

static void *third(void *arg) {
  usleep(100000);
  pthread_mutex_lock(&c);
  pthread_mutex_lock(&a); // CHECK-DAG: three_way.c:[[@LINE]]:{{.*}} asks for a
  n++;
  pthread_mutex_unlock(&a);
  pthread_mutex_unlock(&c);
  return arg;
}

int main(void) {
  void *(*run[])(void *) = {first, second, third};
  pthread_t t[3];
  for (int i = 0; i < 3; i++)
    pthread_create(&t[i], NULL, run[i], NULL);
  for (int i = 0; i < 3; i++)
    pthread_join(t[i], NULL);
}
// CHECK-DAG: acquired in an order that forms a ring
// CHECK-DAG: [lock-order-inversion]
