// SPDX-License-Identifier: MIT
// The second order waits for what nobody's calls show: a member of an object on the heap, a variable that a
// signal's handler sets, a line that comes through a stream on a pipe.
// RUN: %cc -O1 %s -o %t
// RUN: timeout 20 %run -- %t > %t.out 2>&1
// RUN: %FileCheck %s < %t.out
// CHECK: no findings
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct job {
  pthread_mutex_t a, b;
  atomic_int state;
};

static volatile sig_atomic_t reload;
static int ends[2];

static void onHangup(int signal) {
  reload = signal;
}

static void *firstOfJob(void *arg) {
  struct job *j = arg;
  pthread_mutex_lock(&j->a);
  pthread_mutex_lock(&j->b);
  pthread_mutex_unlock(&j->b);
  pthread_mutex_unlock(&j->a);
  atomic_store(&j->state, 2);
  return arg;
}

static void *secondOfJob(void *arg) {
  struct job *j = arg;
  while (atomic_load(&j->state) != 2)
    sched_yield();
  pthread_mutex_lock(&j->b);
  pthread_mutex_lock(&j->a);
  pthread_mutex_unlock(&j->a);
  pthread_mutex_unlock(&j->b);
  return arg;
}

static void *firstOfSignal(void *arg) {
  struct job *j = arg;
  pthread_mutex_lock(&j->a);
  pthread_mutex_lock(&j->b);
  pthread_mutex_unlock(&j->b);
  pthread_mutex_unlock(&j->a);
  raise(SIGHUP);
  return arg;
}

static void *secondOfSignal(void *arg) {
  struct job *j = arg;
  while (!reload)
    usleep(1000);
  pthread_mutex_lock(&j->b);
  pthread_mutex_lock(&j->a);
  pthread_mutex_unlock(&j->a);
  pthread_mutex_unlock(&j->b);
  return arg;
}

static void *firstOfStream(void *arg) {
  struct job *j = arg;
  pthread_mutex_lock(&j->a);
  pthread_mutex_lock(&j->b);
  pthread_mutex_unlock(&j->b);
  pthread_mutex_unlock(&j->a);
  dprintf(ends[1], "%d\n", 1);
  return arg;
}

static void *secondOfStream(void *arg) {
  struct job *j = arg;
  char line[8];
  FILE *in = fdopen(ends[0], "r");
  if (!fgets(line, sizeof line, in))
    _exit(2);
  pthread_mutex_lock(&j->b);
  pthread_mutex_lock(&j->a);
  pthread_mutex_unlock(&j->a);
  pthread_mutex_unlock(&j->b);
  fclose(in);
  return arg;
}

static void run(void *(*first)(void *), void *(*second)(void *)) {
  struct job *j = malloc(sizeof *j);
  pthread_t t, u;
  pthread_mutex_init(&j->a, NULL);
  pthread_mutex_init(&j->b, NULL);
  atomic_init(&j->state, 0);
  pthread_create(&t, NULL, second, j);
  pthread_create(&u, NULL, first, j);
  pthread_join(t, NULL);
  pthread_join(u, NULL);
  free(j);
}

int main(void) {
  signal(SIGHUP, onHangup);
  if (pipe(ends))
    return 1;
  run(firstOfJob, secondOfJob);
  run(firstOfSignal, secondOfSignal);
  run(firstOfStream, secondOfStream);
  return 0;
}
