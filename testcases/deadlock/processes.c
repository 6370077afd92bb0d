// SPDX-License-Identifier: MIT
// Two processes take two process-shared mutexes in opposite orders; each alone is consistent.
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

int main(void) {
  struct Shared *s = mmap(NULL, sizeof *s, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
  pthread_mutex_init(&s->first, &attributes);
  pthread_mutex_init(&s->second, &attributes);
  if (fork() == 0) {
    usleep(200000); // only so that this run survives
    pthread_mutex_lock(&s->second);
    pthread_mutex_lock(&s->first); // CHECK-DAG: processes.c:[[@LINE]]:{{.*}} asks for
    pthread_mutex_unlock(&s->first);
    pthread_mutex_unlock(&s->second);
    _exit(0);
  }
  pthread_mutex_lock(&s->first);
  pthread_mutex_lock(&s->second); // CHECK-DAG: processes.c:[[@LINE]]:{{.*}} asks for
  pthread_mutex_unlock(&s->second);
  pthread_mutex_unlock(&s->first);
  wait(NULL);
}
// CHECK-DAG: [lock-order-inversion]
