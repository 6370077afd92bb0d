// SPDX-License-Identifier: MIT
// The same two mutexes, in one order in both processes.
// RUN: %cc %s -o %t
// RUN: timeout 30 %run -- %t > %t.out 2>&1
// RUN: %FileCheck %s < %t.out
// CHECK: no findings
#include <pthread.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

struct Shared {
  pthread_mutex_t first, second;
};

static void both(pthread_mutex_t *outer, pthread_mutex_t *inner) {
  pthread_mutex_lock(outer);
  usleep(300000);
  pthread_mutex_lock(inner);
  pthread_mutex_unlock(inner);
  pthread_mutex_unlock(outer);
}

int main(void) {
  struct Shared *s = mmap(NULL, sizeof *s, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
  pthread_mutex_init(&s->first, &attributes);
  pthread_mutex_init(&s->second, &attributes);
  if (fork() == 0) {
    both(&s->first, &s->second);
    _exit(0);
  }
  both(&s->first, &s->second);
  wait(NULL);
}
