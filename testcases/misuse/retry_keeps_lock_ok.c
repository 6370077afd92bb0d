// SPDX-License-Identifier: MIT
// The way back gives it back first.
// RUN: %gordian check %s --
#include <pthread.h>

struct pool {
  pthread_mutex_t lock;
  int free, grown;
};

int get(struct pool *p) {
retry:
  pthread_mutex_lock(&p->lock);
  if (p->free == 0) {
    if (p->grown)
      goto fail;
    p->grown = 1;
    p->free = 8;
    pthread_mutex_unlock(&p->lock);
    goto retry;
  }
  p->free--;
  pthread_mutex_unlock(&p->lock);
  return 0;
fail:
  pthread_mutex_unlock(&p->lock);
  return -1;
}
