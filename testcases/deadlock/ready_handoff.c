// SPDX-License-Identifier: MIT
// The descriptor is ready, and the datagram there, before the first order is used: neither orders anything.
// RUN: %cc %s -o %t
// RUN: timeout 20 %run -- %t > %t.out 2>&1; test $? -eq 66
// RUN: %FileCheck %s < %t.out
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;
static int ends[2], datagrams[2];
static int memory;
volatile int *nested = &memory; // keeps this run from hanging, and is no order that anybody could see

static void *first(void *arg) {
  if (write(ends[1], "x", 1) != 1 || send(datagrams[1], "x", 1, 0) != 1)
    return NULL;
  pthread_mutex_lock(&a);
  pthread_mutex_lock(&b); // CHECK-DAG: ready_handoff.c:[[@LINE]]
  pthread_mutex_unlock(&b);
  pthread_mutex_unlock(&a);
  *nested = 1;
  return arg;
}

static void *second(void *arg) {
  char c;
  struct pollfd ready = {ends[0], POLLIN, 0};
  if (poll(&ready, 1, -1) != 1 || recv(datagrams[0], &c, 1, 0) != 1)
    return NULL;
  while (!*nested)
    usleep(1000);
  pthread_mutex_lock(&b);
  pthread_mutex_lock(&a); // CHECK-DAG: ready_handoff.c:[[@LINE]]
  pthread_mutex_unlock(&a);
  pthread_mutex_unlock(&b);
  return arg;
}

int main(void) {
  pthread_t t, u;
  if (pipe(ends) || socketpair(AF_UNIX, SOCK_DGRAM, 0, datagrams))
    return 1;
  pthread_create(&t, NULL, first, NULL);
  pthread_create(&u, NULL, second, NULL);
  pthread_join(t, NULL);
  pthread_join(u, NULL);
  return 0;
}
// CHECK-DAG: [lock-order-inversion]
