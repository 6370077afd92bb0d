// SPDX-License-Identifier: MIT
// The processes meet at a barrier before they take the locks: it orders nothing that matters.
// RUN: %cc %s -o %t
// RUN: timeout 20 %run -- %t > %t.out 2>&1; test $? -eq 66
// RUN: %FileCheck %s < %t.out
// CHECK-DAG: {{\[(lock-order-inversion|deadlock)\]}}
#include <pthread.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

struct shared {
  pthread_mutex_t a, b;
  pthread_barrier_t meeting;
};

int main(void) {
  struct shared *s = mmap(NULL, sizeof *s, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  pthread_mutexattr_t mutexes;
  pthread_barrierattr_t barriers;
  int status = 1;
  pthread_mutexattr_init(&mutexes);
  pthread_mutexattr_setpshared(&mutexes, PTHREAD_PROCESS_SHARED);
  pthread_barrierattr_init(&barriers);
  pthread_barrierattr_setpshared(&barriers, PTHREAD_PROCESS_SHARED);
  pthread_mutex_init(&s->a, &mutexes);
  pthread_mutex_init(&s->b, &mutexes);
  pthread_barrier_init(&s->meeting, &barriers, 2);
  if (fork() == 0) {
    pthread_barrier_wait(&s->meeting);
    pthread_mutex_lock(&s->b);
    pthread_mutex_lock(&s->a); // CHECK-DAG: processes_turns.c:[[@LINE]]
    pthread_mutex_unlock(&s->a);
    pthread_mutex_unlock(&s->b);
    _exit(0);
  }
  pthread_barrier_wait(&s->meeting);
  pthread_mutex_lock(&s->a);
  pthread_mutex_lock(&s->b); // CHECK-DAG: processes_turns.c:[[@LINE]]
  pthread_mutex_unlock(&s->b);
  pthread_mutex_unlock(&s->a);
  wait(&status);
  return status;
}
