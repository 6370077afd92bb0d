// SPDX-License-Identifier: MIT
// What the parent did before it forked is over when the child begins, and the child is over when the parent has
// waited for it.
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

int main(void) {
  struct Shared *s = mmap(NULL, sizeof *s, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
  pthread_mutex_init(&s->first, &attributes);
  pthread_mutex_init(&s->second, &attributes);
  pthread_mutex_lock(&s->first);
  pthread_mutex_lock(&s->second);
  pthread_mutex_unlock(&s->second);
  pthread_mutex_unlock(&s->first);
  if (fork() == 0) {
    pthread_mutex_lock(&s->second);
    pthread_mutex_lock(&s->first);
    pthread_mutex_unlock(&s->first);
    pthread_mutex_unlock(&s->second);
    _exit(0);
  }
  waitpid(-1, NULL, 0);
  pthread_mutex_lock(&s->first);
  pthread_mutex_lock(&s->second);
  pthread_mutex_unlock(&s->second);
  pthread_mutex_unlock(&s->first);
}
