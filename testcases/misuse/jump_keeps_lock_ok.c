// SPDX-License-Identifier: MIT
// The jump goes on where the lock was given back.
// RUN: %gordian check %s -- -std=gnu17
#include <pthread.h>
#include <setjmp.h>

struct parser {
  pthread_mutex_t lock;
  jmp_buf failed;
  const char *p;
};

static void expect(struct parser *s, char c) {
  if (*s->p++ != c)
    longjmp(s->failed, 1);
}

int parse(struct parser *s, const char *text) {
  if (setjmp(s->failed)) {
    pthread_mutex_unlock(&s->lock);
    return -1;
  }
  pthread_mutex_lock(&s->lock);
  s->p = text;
  expect(s, '[');
  expect(s, ']');
  pthread_mutex_unlock(&s->lock);
  return 0;
}
