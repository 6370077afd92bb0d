// SPDX-License-Identifier: MIT
// Two processes block each other through process-shared mutexes: neither can see it, who watches both can.
// RUN: %cc %s -o %t
// RUN: timeout 30 %run -- %t > %t.out 2>&1; test $? -eq 66
// RUN: %FileCheck %s < %t.out
#include <pthread.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

struct Shared {
  pthread_mutex_t first, second;
};

static void both(pthread_mutex_t *outer, pthread_mutex_t *inner) {
  pthread_mutex_lock(outer); // CHECK-DAG: hang_processes.c:[[@LINE]]:{{.*}} acquires
  usleep(300000);
  pthread_mutex_lock(inner); // CHECK-DAG: hang_processes.c:[[@LINE]]:{{.*}} asks for
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
    both(&s->second, &s->first);
    _exit(0);
  }
  both(&s->first, &s->second);
  wait(NULL);
}
// CHECK-DAG: block each other for good{{.*}}[deadlock]
