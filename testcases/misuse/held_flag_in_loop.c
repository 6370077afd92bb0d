// SPDX-License-Identifier: MIT
// What a loop took is given back on a condition of something else.
// RUN: %gordian check %s -- -std=gnu17 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
#include <pthread.h>

struct copy {
  pthread_mutex_t lock;
  int left, copied;
};

void run(struct copy *c, int rounds) {
  int held = 0, copying = 0;
  for (int i = 0; i < rounds; i++) {
    switch (copying) {
    case 0:
      if (!held) {
        pthread_mutex_lock(&c->lock);
        held = 1;
      }
      copying = 1;
      break;
    default:
      c->copied++;
      if (--c->left <= 0)
        goto out;
    }
  }
out:
  if (c->left <= 0)
    pthread_mutex_unlock(&c->lock); // CHECK: held_flag_in_loop.c:[[@LINE]]:
}
