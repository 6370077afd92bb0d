// SPDX-License-Identifier: MIT
// The count that decides whether the object ends is changed without the lock.
// RUN: %gordian check %s -- -std=gnu17 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK: count_decides_end.c:25:{{.*}}[data-race]
#include <pthread.h>
#include <stdlib.h>

struct object {
  pthread_mutex_t m;
  int refs;
};
void get(struct object *o) {
  pthread_mutex_lock(&o->m);
  o->refs++;
  pthread_mutex_unlock(&o->m);
}
int users(struct object *o) {
  pthread_mutex_lock(&o->m);
  int n = o->refs;
  pthread_mutex_unlock(&o->m);
  return n;
}
void put(struct object *o) {
  if (--o->refs == 0) {
    pthread_mutex_destroy(&o->m);
    free(o);
  }
}
