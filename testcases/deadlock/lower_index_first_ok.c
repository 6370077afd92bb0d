// SPDX-License-Identifier: MIT
// The lower of two computed indices is chosen by ?: and locked first.
// RUN: %gordian check %s -- -std=gnu17
#include <pthread.h>

static pthread_mutex_t stripe[16];
static long value[16];

void move(unsigned a, unsigned b, long n) {
  a %= 16;
  b %= 16;
  if (a == b)
    return;
  unsigned first = a < b ? a : b, second = a < b ? b : a;
  pthread_mutex_lock(&stripe[first]);
  pthread_mutex_lock(&stripe[second]);
  value[a] -= n;
  value[b] += n;
  pthread_mutex_unlock(&stripe[second]);
  pthread_mutex_unlock(&stripe[first]);
}
