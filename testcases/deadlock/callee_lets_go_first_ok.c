// SPDX-License-Identifier: MIT
// The callee lets go of its caller's lock around a call that takes two locks the other way round.
// RUN: %gordian check %s -- -std=gnu17
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
  pthread_mutex_unlock(&memory);
  swap_out();
  pthread_mutex_lock(&memory);
}
void map_page(void) {
  pthread_mutex_lock(&memory);
  make_room();
  ++resident;
  pthread_mutex_unlock(&memory);
}
