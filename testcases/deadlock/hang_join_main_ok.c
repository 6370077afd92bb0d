// SPDX-License-Identifier: MIT
// A thread joins the main thread, which ends by pthread_exit.
// RUN: %cc %s -o %t
// RUN: timeout 30 %run -- %t > %t.out 2>&1
// RUN: %FileCheck %s < %t.out
// CHECK: no findings
#include <pthread.h>
#include <stdlib.h>

static pthread_t mainThread, first;

static void *joinsMain(void *arg) {
  pthread_join(mainThread, NULL);
  exit(0);
  return arg;
}

int main(void) {
  mainThread = pthread_self();
  pthread_create(&first, NULL, joinsMain, NULL);
  pthread_exit(NULL);
}
