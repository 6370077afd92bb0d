// SPDX-License-Identifier: MIT
// The count that decides whether the object ends is changed with the lock held.
// RUN: %gordian check %s -- -std=gnu17
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
  pthread_mutex_lock(&o->m);
  int left = --o->refs;
  pthread_mutex_unlock(&o->m);
  if (left == 0) {
    pthread_mutex_destroy(&o->m);
    free(o);
  }
}
