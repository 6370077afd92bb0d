// SPDX-License-Identifier: MIT
// The file's lock is given back before the locks of the first order are taken: it keeps nothing apart.
// RUN: %cc %s -o %t
// RUN: timeout 20 %run -- %t > %t.out 2>&1; test $? -eq 66
// RUN: %FileCheck %s < %t.out
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;
static char path[] = "/tmp/gordian-test-XXXXXX";
static int memory;
volatile int *nested = &memory; // keeps this run from hanging, and is no order that anybody could see

static void throughGate(void) {
  int fd = open(path, O_RDWR);
  flock(fd, LOCK_EX);
  flock(fd, LOCK_UN);
  close(fd);
}

static void *first(void *arg) {
  throughGate();
  pthread_mutex_lock(&a);
  pthread_mutex_lock(&b); // CHECK-DAG: file_lock_gate.c:[[@LINE]]
  pthread_mutex_unlock(&b);
  pthread_mutex_unlock(&a);
  *nested = 1;
  return arg;
}

static void *second(void *arg) {
  while (!*nested)
    usleep(1000);
  throughGate();
  pthread_mutex_lock(&b);
  pthread_mutex_lock(&a); // CHECK-DAG: file_lock_gate.c:[[@LINE]]
  pthread_mutex_unlock(&a);
  pthread_mutex_unlock(&b);
  return arg;
}

int main(void) {
  pthread_t t, u;
  close(mkstemp(path));
  pthread_create(&t, NULL, first, NULL);
  pthread_create(&u, NULL, second, NULL);
  pthread_join(t, NULL);
  pthread_join(u, NULL);
  unlink(path);
  return 0;
}
// CHECK-DAG: [lock-order-inversion]
