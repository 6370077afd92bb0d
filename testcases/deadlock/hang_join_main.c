// SPDX-License-Identifier: MIT
// A thread joins the main thread, which joins a second one, which joins the first.
// RUN: %cc %s -o %t
// RUN: timeout 30 %run -- %t > %t.out 2>&1; test $? -eq 66
// RUN: %FileCheck %s < %t.out
#include <pthread.h>

static pthread_t mainThread, first, second;
static pthread_barrier_t created;

static void *joinsMain(void *arg) {
  pthread_barrier_wait(&created);
  pthread_join(mainThread, NULL); // CHECK-DAG: hang_join_main.c:[[@LINE]]
  return arg;
}

static void *joinsFirst(void *arg) {
  pthread_barrier_wait(&created);
  pthread_join(first, NULL); // CHECK-DAG: hang_join_main.c:[[@LINE]]
  return arg;
}

int main(void) {
  mainThread = pthread_self();
  pthread_barrier_init(&created, NULL, 3);
  pthread_create(&first, NULL, joinsMain, NULL);
  pthread_create(&second, NULL, joinsFirst, NULL);
  pthread_barrier_wait(&created);
  pthread_join(second, NULL); // CHECK-DAG: hang_join_main.c:[[@LINE]]
  return 0;
}
// CHECK-DAG: [deadlock]
