// SPDX-License-Identifier: MIT
// A field is written before its lock is initialised, and again without it by another function.
// RUN: %gordian check %s -- -std=gnu17 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK: [data-race]
#include <pthread.h>
struct console {
  pthread_mutex_t lock;
  int column;
};
static int init_lock(pthread_mutex_t *m) {
  return pthread_mutex_init(m, 0);
}
int console_init(struct console *c) {
  c->column = 0;
  return init_lock(&c->lock);
}
void put(struct console *c) {
  pthread_mutex_lock(&c->lock);
  ++c->column;
  pthread_mutex_unlock(&c->lock);
}
void back(struct console *c) {
  pthread_mutex_lock(&c->lock);
  --c->column;
  pthread_mutex_unlock(&c->lock);
}
void clear(struct console *c) {
  c->column = 0;
}
