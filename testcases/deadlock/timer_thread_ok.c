// SPDX-License-Identifier: MIT
// A timer's thread, which nobody saw being created, comes after the timer was set.
// RUN: %cc %s -o %t -lrt
// RUN: timeout 20 %run -- %t > %t.out 2>&1
// RUN: %FileCheck %s < %t.out
// CHECK: no findings
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stddef.h>
#include <time.h>

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;
static sem_t done;

static void tick(union sigval value) {
  pthread_mutex_lock(&b);
  pthread_mutex_lock(&a);
  pthread_mutex_unlock(&a);
  pthread_mutex_unlock(&b);
  sem_post(&done);
}

int main(void) {
  timer_t timer;
  struct sigevent event = {.sigev_notify = SIGEV_THREAD, .sigev_notify_function = tick};
  struct itimerspec soon = {.it_value = {0, 1000000}};
  sem_init(&done, 0, 0);
  pthread_mutex_lock(&a);
  pthread_mutex_lock(&b);
  pthread_mutex_unlock(&b);
  pthread_mutex_unlock(&a);
  if (timer_create(CLOCK_MONOTONIC, &event, &timer))
    return 1;
  timer_settime(timer, 0, &soon, NULL);
  sem_wait(&done);
  return 0;
}
