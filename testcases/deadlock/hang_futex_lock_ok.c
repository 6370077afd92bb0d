// SPDX-License-Identifier: MIT
// A lock made of a futex, waited for with a mutex held. Its holder took that mutex too, once, and needs it no more:
// what somebody did before an unlock is not what he must do to unlock.
// RUN: %cc %s -o %t
// RUN: timeout 60 %run -- %t > %t.out 2>&1
// RUN: %FileCheck %s < %t.out
// CHECK: no findings
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
  pthread_mutex_lock(&mutex);
  pthread_mutex_unlock(&mutex);
  futexLock();
  while (atomic_load(&word) != 2) // until somebody waits
    sched_yield();
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
