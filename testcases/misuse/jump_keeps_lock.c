// SPDX-License-Identifier: MIT
// The jump leaves the lock behind.
// RUN: %gordian check %s -- -std=gnu17 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
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
    // forgotten
    return -1;
  }
  pthread_mutex_lock(&s->lock); // CHECK: jump_keeps_lock.c:[[@LINE]]:{{.*}}[lock-leak]
  s->p = text;
  expect(s, '[');
  expect(s, ']');
  pthread_mutex_unlock(&s->lock);
  return 0;
}
