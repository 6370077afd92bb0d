// SPDX-License-Identifier: MIT
// A byte through a pipe, a pair of sockets, an eventfd, a signal: each orders the second
// order of the locks behind the first.
// RUN: %cc %s -o %t
// RUN: timeout 20 %run -- %t > %t.out 2>&1
// RUN: %FileCheck %s < %t.out
// CHECK: no findings
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

struct pair {
  pthread_mutex_t a, b;
  int in, out;
};

static pthread_t waiter;

static void tell(struct pair *p) {
  uint64_t one = 1;
  if (p->out < 0)
    pthread_kill(waiter, SIGUSR1);
  else if (write(p->out, &one, sizeof one) != sizeof one)
    _exit(1);
}

static void await(struct pair *p) {
  uint64_t got;
  struct pollfd ready = {p->in, POLLIN, 0};
  sigset_t set;
  int sig;
  if (p->in < 0) {
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigwait(&set, &sig);
    return;
  }
  while (poll(&ready, 1, -1) != 1)
    ;
  if (read(p->in, &got, sizeof got) < 0)
    _exit(2);
}

static void *first(void *arg) {
  struct pair *p = arg;
  pthread_mutex_lock(&p->a);
  pthread_mutex_lock(&p->b);
  pthread_mutex_unlock(&p->b);
  pthread_mutex_unlock(&p->a);
  tell(p);
  return NULL;
}

static void *second(void *arg) {
  struct pair *p = arg;
  await(p);
  pthread_mutex_lock(&p->b);
  pthread_mutex_lock(&p->a);
  pthread_mutex_unlock(&p->a);
  pthread_mutex_unlock(&p->b);
  return NULL;
}

static void run(int in, int out) {
  struct pair p = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER, in, out};
  pthread_t t;
  pthread_create(&waiter, NULL, second, &p);
  pthread_create(&t, NULL, first, &p);
  pthread_join(t, NULL);
  pthread_join(waiter, NULL);
}

int main(void) {
  int ends[2], event = eventfd(0, 0);
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGUSR1);
  pthread_sigmask(SIG_BLOCK, &set, NULL);
  if (pipe(ends))
    return 1;
  run(ends[0], ends[1]);
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends))
    return 1;
  run(ends[0], ends[1]);
  run(event, event);
  run(-1, -1);
  return 0;
}
