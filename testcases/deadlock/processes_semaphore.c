// SPDX-License-Identifier: MIT
// The semaphore lets the other process go before the locks are taken.
// RUN: %cc %s -o %t -lrt
// RUN: timeout 20 %run -- %t > %t.out 2>&1; test $? -eq 66
// RUN: %FileCheck %s < %t.out
// CHECK-DAG: {{\[(lock-order-inversion|deadlock)\]}}
#include <pthread.h>
#include <semaphore.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

struct shared {
  pthread_mutex_t a, b;
  sem_t go;
};

int main(void) {
  struct shared *s = mmap(NULL, sizeof *s, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  pthread_mutexattr_t attributes;
  int status = 1;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
  pthread_mutex_init(&s->a, &attributes);
  pthread_mutex_init(&s->b, &attributes);
  sem_init(&s->go, 1, 0);
  sem_post(&s->go);
  if (fork() == 0) {
    sem_wait(&s->go); // posted already: orders nothing behind the locks
    pthread_mutex_lock(&s->b);
    pthread_mutex_lock(&s->a); // CHECK-DAG: processes_semaphore.c:[[@LINE]]
    pthread_mutex_unlock(&s->a);
    pthread_mutex_unlock(&s->b);
    _exit(0);
  }
  pthread_mutex_lock(&s->a);
  pthread_mutex_lock(&s->b); // CHECK-DAG: processes_semaphore.c:[[@LINE]]
  pthread_mutex_unlock(&s->b);
  pthread_mutex_unlock(&s->a);
  wait(&status);
  return status;
}
