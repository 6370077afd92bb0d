// SPDX-License-Identifier: MIT
// A lock is taken by one thread and released by another.
// RUN: %cc %s -o %t
// RUN: timeout 20 %run -- %t > %t.out 2>&1; test $? -eq 66
// RUN: %FileCheck %s < %t.out
#include <pthread.h>
#include <semaphore.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static sem_t taken, done;

static void *helper(void *arg) {
  sem_wait(&taken);
  pthread_mutex_unlock(&m); // CHECK-DAG: unlock_other_thread.c:[[@LINE]]:{{.*}}error: `helper` releases `m`, which another thread holds{{.*}}[release-without-acquire]
  sem_post(&done);
  return arg;
}

int main(void) {
  pthread_t t;
  sem_init(&taken, 0, 0);
  sem_init(&done, 0, 0);
  pthread_create(&t, NULL, helper, NULL);
  pthread_mutex_lock(&m); // CHECK-DAG: unlock_other_thread.c:[[@LINE]]:{{.*}} held since here
  sem_post(&taken);
  sem_wait(&done);
  pthread_join(t, NULL);
}
