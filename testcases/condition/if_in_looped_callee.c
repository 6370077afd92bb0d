// SPDX-License-Identifier: MIT
// The loop of the callers does not test what the function waits for.
// RUN: %gordian check %s -- -std=gnu17 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
#include <pthread.h>
#include <stddef.h>

struct job {
  struct job *next;
};
struct pool {
  pthread_mutex_t lock;
  pthread_cond_t work;
  struct job *first;
};

void add(struct pool *p, struct job *j) {
  pthread_mutex_lock(&p->lock);
  j->next = p->first;
  p->first = j;
  pthread_cond_signal(&p->work);
  pthread_mutex_unlock(&p->lock);
}

static struct job *take(struct pool *p) {
  pthread_mutex_lock(&p->lock);
  if (!p->first)
    pthread_cond_wait(&p->work, &p->lock); // CHECK: if_in_looped_callee.c:[[@LINE]]:
  struct job *j = p->first;
  p->first = j->next;
  pthread_mutex_unlock(&p->lock);
  return j;
}

void run(struct pool *p) {
  for (int n = 0; n < 100; n++)
    take(p);
}

void run_until(struct pool *p, struct job *last) {
  while (take(p) != last)
    ;
}
