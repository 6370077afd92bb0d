// SPDX-License-Identifier: MIT
// The lock of one argument is taken, that of the other one given back.
// RUN: %gordian check %s -- -std=gnu17 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
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
  pthread_mutex_unlock(&to->lock); // CHECK: unlock_other_argument.c:[[@LINE]]:
  pthread_mutex_lock(&to->lock);
  memcpy(to->data, tmp, sizeof tmp);
  pthread_mutex_unlock(&to->lock);
}
