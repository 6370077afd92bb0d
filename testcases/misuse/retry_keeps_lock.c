// SPDX-License-Identifier: MIT
// The way back to the label still holds the lock. What would follow is no leak: nobody comes that far.
// RUN: not %gordian check %s -- 2>&1 | %FileCheck %s
// CHECK: retry_keeps_lock.c:[[@LINE+11]]:3: error: {{.*}} [non-reentrant-reacquire]
// CHECK-NOT: lock-leak
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
    goto retry;
  }
  p->free--;
  pthread_mutex_unlock(&p->lock);
  return 0;
fail:
  pthread_mutex_unlock(&p->lock);
  return -1;
}
