// SPDX-License-Identifier: MIT
// A byte through a connection of the process to itself, before the locks: it orders nothing that matters.
// RUN: %cc %s -o %t -lrt
// RUN: timeout 20 %run -- %t > %t.out 2>&1; test $? -eq 66
// RUN: %FileCheck %s < %t.out
// CHECK-DAG: [lock-order-inversion]
#include <arpa/inet.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

struct pair {
  pthread_mutex_t a, b;
  int listening;
  char path[64];
  struct sockaddr_storage name;
  socklen_t length;
};

static int memory;
volatile int *nested = &memory; // keeps this run from hanging, and is no order that anybody could see

static int awaitEnd(struct pair *p) {
  return p->listening >= 0 ? accept(p->listening, NULL, NULL) : open(p->path, O_RDONLY);
}

static int reachEnd(struct pair *p) {
  if (p->listening < 0)
    return open(p->path, O_WRONLY);
  int end = socket(p->name.ss_family, SOCK_STREAM, 0);
  return connect(end, (struct sockaddr *)&p->name, p->length) == 0 ? end : -1;
}

static void *second(void *arg) {
  struct pair *p = arg;
  char c;
  int end = awaitEnd(p);
  if (read(end, &c, 1) != 1)
    _exit(2);
  while (!*nested)
    sched_yield();
  pthread_mutex_lock(&p->b);
  pthread_mutex_lock(&p->a); // CHECK-DAG: connected_handoff.c:[[@LINE]]
  pthread_mutex_unlock(&p->a);
  pthread_mutex_unlock(&p->b);
  close(end);
  return arg;
}

static void run(struct pair *p) {
  pthread_t t;
  pthread_mutex_init(&p->a, NULL);
  pthread_mutex_init(&p->b, NULL);
  *nested = 0;
  pthread_create(&t, NULL, second, p);
  int end = reachEnd(p);
  if (write(end, "x", 1) != 1)
    _exit(3);
  pthread_mutex_lock(&p->a);
  pthread_mutex_lock(&p->b); // CHECK-DAG: connected_handoff.c:[[@LINE]]
  pthread_mutex_unlock(&p->b);
  pthread_mutex_unlock(&p->a);
  *nested = 1;
  pthread_join(t, NULL);
  close(end);
}

static void listenAt(struct pair *p, const void *name, socklen_t length) {
  memset(p, 0, sizeof *p);
  p->length = sizeof p->name;
  p->listening = socket(((const struct sockaddr *)name)->sa_family, SOCK_STREAM, 0);
  if (bind(p->listening, name, length) || listen(p->listening, 1) ||
      getsockname(p->listening, (struct sockaddr *)&p->name, &p->length))
    exit(1);
  run(p);
  close(p->listening);
}

int main(void) {
  static struct pair p;
  struct sockaddr_in port = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  struct sockaddr_un path = {.sun_family = AF_UNIX};
  snprintf(path.sun_path + 1, sizeof path.sun_path - 1, "gordian-test-%ld", (long)getpid());
  listenAt(&p, &port, sizeof port);
  listenAt(&p, &path, sizeof path);
  memset(&p, 0, sizeof p);
  p.listening = -1;
  snprintf(p.path, sizeof p.path, "/tmp/gordian-test-%ld", (long)getpid());
  if (mkfifo(p.path, 0600))
    return 1;
  run(&p);
  unlink(p.path);
  return 0;
}
