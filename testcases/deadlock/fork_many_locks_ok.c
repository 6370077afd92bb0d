// SPDX-License-Identifier: MIT
// More locks at one place than are recorded one by one; then the child of a fork goes on there, with a trace of its
// own.
// RUN: %cc %s -o %t
// RUN: timeout 60 %run -- %t > %t.out 2>&1
// RUN: %FileCheck %s < %t.out
// CHECK: no findings
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

enum { kLocks = 4000 };
static pthread_mutex_t locks[kLocks];

static void __attribute__((noinline)) all(void) {
  for (int i = 0; i < kLocks; i++) {
    pthread_mutex_lock(&locks[i]);
    pthread_mutex_unlock(&locks[i]);
  }
}

int main(void) {
  for (int i = 0; i < kLocks; i++)
    pthread_mutex_init(&locks[i], NULL);
  int child = -1, status = 0;
  do {
    all();
    if (child == 0)
      _exit(0);
    child = fork();
    pthread_mutex_lock(&locks[0]); // known in the child, but not yet at that place
    pthread_mutex_unlock(&locks[0]);
  } while (child == 0);
  wait(&status);
  return status != 0;
}
