// SPDX-License-Identifier: MIT
// Two processes take turns by a process-shared condition, then meet at a process-shared barrier: neither is
// stuck while the other works, and their orders never meet.
// RUN: %cc %s -o %t
// RUN: timeout 20 %run -- %t > %t.out 2>&1
// RUN: %FileCheck %s < %t.out
// CHECK: no findings
#include <pthread.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

struct shared {
  pthread_mutex_t a, b, c, d, guard;
  pthread_cond_t changed;
  pthread_barrier_t meeting;
  int turn;
};

static void inOrder(pthread_mutex_t *x, pthread_mutex_t *y) {
  pthread_mutex_lock(x);
  pthread_mutex_lock(y);
  pthread_mutex_unlock(y);
  pthread_mutex_unlock(x);
}

static void give(struct shared *s, int turn) {
  pthread_mutex_lock(&s->guard);
  s->turn = turn;
  pthread_cond_broadcast(&s->changed);
  pthread_mutex_unlock(&s->guard);
}

static void await(struct shared *s, int turn) {
  pthread_mutex_lock(&s->guard);
  while (s->turn != turn)
    pthread_cond_wait(&s->changed, &s->guard);
  pthread_mutex_unlock(&s->guard);
}

static void prepare(struct shared *s) {
  pthread_mutexattr_t mutexes;
  pthread_condattr_t conditions;
  pthread_barrierattr_t barriers;
  pthread_mutexattr_init(&mutexes);
  pthread_mutexattr_setpshared(&mutexes, PTHREAD_PROCESS_SHARED);
  pthread_condattr_init(&conditions);
  pthread_condattr_setpshared(&conditions, PTHREAD_PROCESS_SHARED);
  pthread_barrierattr_init(&barriers);
  pthread_barrierattr_setpshared(&barriers, PTHREAD_PROCESS_SHARED);
  pthread_mutex_init(&s->a, &mutexes);
  pthread_mutex_init(&s->b, &mutexes);
  pthread_mutex_init(&s->c, &mutexes);
  pthread_mutex_init(&s->d, &mutexes);
  pthread_mutex_init(&s->guard, &mutexes);
  pthread_cond_init(&s->changed, &conditions);
  pthread_barrier_init(&s->meeting, &barriers, 2);
}

int main(void) {
  struct shared *s = mmap(NULL, sizeof *s, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  int status = 1;
  prepare(s);
  if (fork() == 0) {
    for (int i = 0; i < 3; i++) {
      await(s, 1);
      inOrder(&s->b, &s->a);
      give(s, 0);
    }
    inOrder(&s->d, &s->c);
    pthread_barrier_wait(&s->meeting);
    _exit(0);
  }
  for (int i = 0; i < 3; i++) {
    await(s, 0);
    inOrder(&s->a, &s->b);
    give(s, 1);
  }
  pthread_barrier_wait(&s->meeting);
  inOrder(&s->c, &s->d);
  wait(&status);
  return status;
}
