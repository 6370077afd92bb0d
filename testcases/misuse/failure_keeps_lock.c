// SPDX-License-Identifier: MIT
// It returns failure with the lock held and success without: no try-lock.
// RUN: %gordian check %s -- -std=gnu17 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK: [lock-leak]
#include <pthread.h>

struct conf {
  pthread_mutex_t lock;
  int slot[16];
};

/* On success the lock is held until conf_end(). */
int conf_begin(struct conf *c, int slots) {
  pthread_mutex_lock(&c->lock);
  if (slots > 16) {
    pthread_mutex_unlock(&c->lock);
    return -1;
  }
  return 0;
}

void conf_end(struct conf *c) {
  pthread_mutex_unlock(&c->lock);
}

int conf_fill(struct conf *c, int slots, int value) {
  if (conf_begin(c, slots))
    return -1;
  if (value < 0) {
    // forgotten
    return -2;
  }
  for (int i = 0; i < slots; i++)
    c->slot[i] = value;
  conf_end(c);
  return 0;
}
