// SPDX-License-Identifier: MIT
// A callee takes two locks the other way round than its caller does.
// RUN: %gordian check %s -- -std=gnu17 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK: [lock-order-inversion]
#include <pthread.h>
static pthread_mutex_t memory = PTHREAD_MUTEX_INITIALIZER, swap = PTHREAD_MUTEX_INITIALIZER;
static int resident, swapped;
static void swap_out(void) {
  pthread_mutex_lock(&swap);
  ++swapped;
  pthread_mutex_lock(&memory);
  --resident;
  pthread_mutex_unlock(&memory);
  pthread_mutex_unlock(&swap);
}
static void make_room(void) {
  pthread_mutex_lock(&swap);
  --swapped;
  pthread_mutex_unlock(&swap);
}
void map_page(void) {
  pthread_mutex_lock(&memory);
  make_room();
  ++resident;
  pthread_mutex_unlock(&memory);
}
void clean(void) {
  swap_out();
}
