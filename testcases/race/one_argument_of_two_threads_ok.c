// SPDX-License-Identifier: MIT
// Each thread gets a structure of its own.
// RUN: %gordian check %s -- -std=gnu17
#include <pthread.h>
#include <stddef.h>

struct work {
  int next;
};

static void *run(void *arg) {
  struct work *w = arg;
  while (w->next < 100)
    w->next++;
  return NULL;
}

int main(void) {
  struct work w[2] = {{0}, {0}};
  pthread_t a, b;
  pthread_create(&a, NULL, run, &w[0]);
  pthread_create(&b, NULL, run, &w[1]);
  pthread_join(a, NULL);
  pthread_join(b, NULL);
}
