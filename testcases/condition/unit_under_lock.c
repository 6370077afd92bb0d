// SPDX-License-Identifier: MIT
// To give its unit back, a thread asks for the lock that others hold while they wait for one.
// RUN: not %gordian check %s -- 2>&1 | %FileCheck %s
// CHECK: unit_under_lock.c:[[@LINE+11]]:5: warning: {{.*}} [blocking-under-lock]
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
    pthread_mutex_lock(&order);
    taken--;
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
