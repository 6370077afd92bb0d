// SPDX-License-Identifier: MIT
// Question and answer are handed over by two semaphores.
// RUN: %gordian check %s -- -std=gnu17
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
static int ask(int q) {
  question = q;
  sem_post(&asked);
  sem_wait(&answered);
  return answer;
}
int main(void) {
  pthread_t t;
  sem_init(&asked, 0, 0);
  sem_init(&answered, 0, 0);
  pthread_create(&t, 0, server, 0);
  if (ask(1) == 2)
    question = -1;
  sem_post(&asked);
  pthread_join(t, 0);
}
