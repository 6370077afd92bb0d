// SPDX-License-Identifier: MIT
// Two threads take turns: each signals the other and waits at once. While it asks whether anybody can go on it still
// has the mutex that the other one, signalled, wants back; it is about to give it away.
// RUN: %cc %s -o %t
// RUN: timeout 60 %run -- %t > %t.out 2>&1
// RUN: %FileCheck %s < %t.out
// CHECK: no findings
#include <pthread.h>

enum { kTurns = 300 };

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t mine = PTHREAD_COND_INITIALIZER, yours = PTHREAD_COND_INITIALIZER;
static int turn;

static void *answer(void *arg) {
  pthread_mutex_lock(&mutex);
  for (int i = 0; i < kTurns; i++) {
    while (turn != 1)
      pthread_cond_wait(&yours, &mutex);
    turn = 0;
    pthread_cond_signal(&mine);
  }
  pthread_mutex_unlock(&mutex);
  return arg;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, answer, NULL);
  pthread_mutex_lock(&mutex);
  for (int i = 0; i < kTurns; i++) {
    turn = 1;
    pthread_cond_signal(&yours);
    while (turn != 0)
      pthread_cond_wait(&mine, &mutex);
  }
  pthread_mutex_unlock(&mutex);
  pthread_join(thread, NULL);
}
