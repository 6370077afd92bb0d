// SPDX-License-Identifier: MIT
// One of the default kind does: the writer that waits keeps no reader out that is inside already.
// RUN: %cc %s -o %t
// RUN: timeout 20 %run -- %t > %t.out 2>&1
// RUN: %FileCheck %s < %t.out
// CHECK: no findings
#include <pthread.h>
#include <sched.h>
#include <stddef.h>

static pthread_rwlock_t table = PTHREAD_RWLOCK_INITIALIZER;

static void *writer(void *arg) {
  pthread_rwlock_wrlock(&table);
  pthread_rwlock_unlock(&table);
  return arg;
}

/// glibc's word: a writer has announced itself.
static int writerWaits(void) {
  return (__atomic_load_n(&table.__data.__readers, __ATOMIC_RELAXED) & 2) != 0;
}

int main(void) {
  pthread_t t;
  pthread_rwlock_rdlock(&table);
  pthread_create(&t, NULL, writer, NULL);
  while (!writerWaits())
    sched_yield();
  pthread_rwlock_rdlock(&table);
  pthread_rwlock_unlock(&table);
  pthread_rwlock_unlock(&table);
  pthread_join(t, NULL);
  return 0;
}
