// SPDX-License-Identifier: MIT
// The function that the callers' loops call tests in a loop of its own.
// RUN: %gordian check %s -- -std=gnu17
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
  while (!p->first)
    pthread_cond_wait(&p->work, &p->lock);
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
