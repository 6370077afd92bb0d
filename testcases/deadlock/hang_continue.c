// SPDX-License-Identifier: MIT
// With --on-deadlock=continue the deadlock is told when it happens; the program goes on and ends by itself.
// RUN: %cc %s -o %t
// RUN: timeout 20 %run --on-deadlock=continue -- %t > %t.out 2> %t.err; test $? -eq 66
// RUN: %FileCheck %s < %t.err
// RUN: grep -q 'main went on' %t.out
// CHECK: two threads block each other for good{{.*}}[deadlock]
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;
static pthread_barrier_t both;

static void *take(void *swap) {
  pthread_mutex_t *outer = swap ? &b : &a, *inner = swap ? &a : &b;
  pthread_mutex_lock(outer);
  pthread_barrier_wait(&both);
  pthread_mutex_lock(inner);
  return NULL;
}

int main(void) {
  pthread_t x, y;
  pthread_barrier_init(&both, NULL, 2);
  pthread_create(&x, NULL, take, NULL);
  pthread_create(&y, NULL, take, &both);
  sleep(2);
  puts("main went on");
  return 0;
}
