// SPDX-License-Identifier: MIT
// The lock that is taken is given back.
// RUN: %gordian check %s -- -std=gnu17
#include <pthread.h>
#include <string.h>

struct page {
  pthread_mutex_t lock;
  char data[64];
};

void copy(struct page *to, struct page *from) {
  char tmp[64];
  pthread_mutex_lock(&from->lock);
  memcpy(tmp, from->data, sizeof tmp);
  pthread_mutex_unlock(&from->lock);
  pthread_mutex_lock(&to->lock);
  memcpy(to->data, tmp, sizeof tmp);
  pthread_mutex_unlock(&to->lock);
}
