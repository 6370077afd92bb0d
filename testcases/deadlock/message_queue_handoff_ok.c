// SPDX-License-Identifier: MIT
// The message is sent behind the locks, through another descriptor than it is received by.
// RUN: %cc %s -o %t -lrt
// RUN: timeout 20 %run -- %t > %t.out 2>&1
// RUN: %FileCheck %s < %t.out
// CHECK: no findings
#include <fcntl.h>
#include <mqueue.h>
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;
static mqd_t in, out;

static void *first(void *arg) {
  pthread_mutex_lock(&a);
  pthread_mutex_lock(&b);
  pthread_mutex_unlock(&b);
  pthread_mutex_unlock(&a);
  mq_send(out, "x", 1, 0);
  return arg;
}

static void *second(void *arg) {
  char text[16];
  mq_receive(in, text, sizeof text, NULL);
  pthread_mutex_lock(&b);
  pthread_mutex_lock(&a);
  pthread_mutex_unlock(&a);
  pthread_mutex_unlock(&b);
  return arg;
}

int main(void) {
  pthread_t t, u;
  char name[32];
  struct mq_attr attributes = {.mq_maxmsg = 1, .mq_msgsize = 16};
  snprintf(name, sizeof name, "/handoff%ld", (long)getpid());
  out = mq_open(name, O_CREAT | O_WRONLY, 0600, &attributes);
  in = mq_open(name, O_RDONLY);
  mq_unlink(name);
  pthread_create(&t, NULL, first, NULL);
  pthread_create(&u, NULL, second, NULL);
  pthread_join(t, NULL);
  pthread_join(u, NULL);
  return 0;
}
