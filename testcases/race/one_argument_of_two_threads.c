// SPDX-License-Identifier: MIT
// Two threads get one structure.
// RUN: %gordian check %s -- -std=gnu17 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
#include <pthread.h>
#include <stddef.h>

struct work {
  int next;
};

static void *run(void *arg) {
  struct work *w = arg;
  while (w->next < 100)
    w->next++; // CHECK: one_argument_of_two_threads.c:[[@LINE]]:
  return NULL;
}

int main(void) {
  struct work w = {0};
  pthread_t a, b;
  pthread_create(&a, NULL, run, &w);
  pthread_create(&b, NULL, run, &w);
  pthread_join(a, NULL);
  pthread_join(b, NULL);
}
