// SPDX-License-Identifier: MIT
// Two kinds of threads take two locks in opposite orders; the first ones are joined before the second start.
// RUN: %gordian check %s -- -std=gnu17
#include <pthread.h>
#include <stddef.h>
static pthread_mutex_t in = PTHREAD_MUTEX_INITIALIZER, out = PTHREAD_MUTEX_INITIALIZER;
static pthread_t threads[8];
static int count;
static void *load(void *unused) {
  pthread_mutex_lock(&in);
  pthread_mutex_lock(&out);
  pthread_mutex_unlock(&out);
  pthread_mutex_unlock(&in);
  return unused;
}
static void *drain(void *unused) {
  pthread_mutex_lock(&out);
  pthread_mutex_lock(&in);
  pthread_mutex_unlock(&in);
  pthread_mutex_unlock(&out);
  return unused;
}
static void phase(void *(*body)(void *)) {
  for (int i = 0; i < 4; i++)
    pthread_create(&threads[count + i], NULL, body, NULL);
  for (int i = 0; i < 4; i++)
    pthread_join(threads[count + i], NULL);
}
int main(void) {
  phase(load);
  phase(drain);
  return 0;
}
