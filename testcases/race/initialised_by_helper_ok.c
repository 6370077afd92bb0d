// SPDX-License-Identifier: MIT
// A field is written by the function that has a helper initialise its lock.
// RUN: %gordian check %s -- -std=gnu17
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
