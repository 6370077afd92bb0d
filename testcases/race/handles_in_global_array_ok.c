// SPDX-License-Identifier: MIT
// One function starts threads, another joins them; main writes behind both.
// RUN: %gordian check %s -- -std=gnu17
#include <pthread.h>
#include <stddef.h>
static pthread_t handles[4];
static int ready;
static void *work(void *unused) {
  (void)unused;
  return ready ? handles : NULL;
}
static void start(void) {
  for (int i = 0; i < 4; i++)
    pthread_create(&handles[i], NULL, work, NULL);
}
static void join(void) {
  for (int i = 0; i < 4; i++)
    pthread_join(handles[i], NULL);
}
int main(void) {
  ready = 1;
  start();
  join();
  ready = 0;
  return 0;
}
