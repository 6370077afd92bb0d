// SPDX-License-Identifier: MIT
// A lock made of a futex, waited for with a mutex held that its holder asks for: nobody can go on.
// RUN: %cc %s -o %t
// RUN: timeout 60 %run -- %t > %t.out 2>&1; test $? -eq 66
// RUN: %FileCheck %s < %t.out
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <unistd.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static atomic_int word; // 0 free, 1 taken, 2 taken and awaited

static void futexLock(void) {
  int free = 0;
  if (atomic_compare_exchange_strong(&word, &free, 1))
    return;
  while (atomic_exchange(&word, 2) != 0)
    syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, 2, NULL, NULL, 0);
}

static void futexUnlock(void) {
  if (atomic_exchange(&word, 0) == 2)
    syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

static void *holder(void *arg) {
  futexLock();
  while (atomic_load(&word) != 2) // until somebody waits
    sched_yield();
  pthread_mutex_lock(&mutex); // CHECK-DAG: hang_futex_lock.c:[[@LINE]]:{{.*}} asks for
  pthread_mutex_unlock(&mutex);
  futexUnlock();
  return arg;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, holder, NULL);
  while (atomic_load(&word) == 0)
    sched_yield();
  pthread_mutex_lock(&mutex);
  futexLock();
  futexUnlock();
  pthread_mutex_unlock(&mutex);
  pthread_join(thread, NULL);
}
// CHECK-DAG: [deadlock]
