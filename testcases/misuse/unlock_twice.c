// SPDX-License-Identifier: MIT
// Released on the error path and again at the end.
// RUN: %cc %s -o %t
// RUN: timeout 20 %run -- %t > %t.out 2>&1; test $? -eq 66
// RUN: %FileCheck %s < %t.out
#include <pthread.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static int n;

static void __attribute__((noinline)) store(int v) {
  pthread_mutex_lock(&m);
  if (v < 0)
    pthread_mutex_unlock(&m);
  else
    n = v;
  pthread_mutex_unlock(&m); // CHECK: unlock_twice.c:[[@LINE]]:{{.*}}error: `store` releases `m`{{.*}}[release-without-acquire]
}

int main(void) {
  store(1);
  store(-1);
}
