// SPDX-License-Identifier: MIT
// Threads wait for a unit with a lock held; who has one gives it back without that lock.
// RUN: %gordian check %s --
#include <pthread.h>
#include <semaphore.h>

static pthread_mutex_t order = PTHREAD_MUTEX_INITIALIZER;
static sem_t units;
static int taken;

static void *work(void *arg) {
  for (int i = 0; i < 10; i++) {
    pthread_mutex_lock(&order);
    sem_wait(&units);
    taken++;
    pthread_mutex_unlock(&order);
    sem_post(&units);
  }
  return arg;
}

int main(void) {
  pthread_t t[3];
  sem_init(&units, 0, 2);
  for (int i = 0; i < 3; i++)
    pthread_create(&t[i], NULL, work, NULL);
  for (int i = 0; i < 3; i++)
    pthread_join(t[i], NULL);
}
