// SPDX-License-Identifier: MIT
// A timed wait under if, whose result is taken for the event.
// RUN: %gordian check %s -- -std=gnu17 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK: timed_wait_believed.c:16:{{.*}}[condition-misuse]
#include <pthread.h>
struct ring {
  pthread_mutex_t m;
  pthread_cond_t filled;
  int head, tail, items[8];
};
int take(struct ring *r, const struct timespec *until) {
  int rc = 0, item = -1;
  pthread_mutex_lock(&r->m);
  if (r->head == r->tail)
    rc = pthread_cond_timedwait(&r->filled, &r->m, until);
  if (rc == 0)
    item = r->items[r->tail++ % 8];
  pthread_mutex_unlock(&r->m);
  return item;
}
void put(struct ring *r, int item) {
  pthread_mutex_lock(&r->m);
  r->items[r->head++ % 8] = item;
  pthread_cond_signal(&r->filled);
  pthread_mutex_unlock(&r->m);
}
