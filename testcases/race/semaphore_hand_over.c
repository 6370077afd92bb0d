// SPDX-License-Identifier: MIT
// The question is written behind the post that hands it over.
// RUN: %gordian check %s -- -std=gnu17 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK: semaphore_hand_over.c:15:{{.*}}[data-race]
#include <pthread.h>
#include <semaphore.h>

static sem_t asked, answered;
static int question, answer;

static void *server(void *unused) {
  for (;;) {
    sem_wait(&asked);
    if (question < 0)
      return unused;
    answer = 2 * question;
    sem_post(&answered);
  }
}
static void start(void) {
  sem_post(&asked);
}
static void ask(int q) {
  start();
  question = q;
}
int main(void) {
  pthread_t t;
  sem_init(&asked, 0, 0);
  sem_init(&answered, 0, 0);
  pthread_create(&t, 0, server, 0);
  ask(1);
  ask(-1);
  pthread_join(t, 0);
}
