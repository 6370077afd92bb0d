// SPDX-License-Identifier: MIT
// A rwlock that prefers writers lets no reader in again while a writer waits; the other thread joins.
// RUN: %cc %s -o %t
// RUN: timeout 20 %run -- %t > %t.out 2>&1; test $? -eq 66
// RUN: %FileCheck %s < %t.out
// CHECK-DAG: [deadlock]
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <stddef.h>

static pthread_rwlock_t table;

static void *writer(void *arg) {
  pthread_rwlock_wrlock(&table); // CHECK-DAG: reader_again.c:[[@LINE]]
  pthread_rwlock_unlock(&table);
  return arg;
}

int main(void) {
  pthread_t t;
  pthread_rwlockattr_t attributes;
  pthread_rwlockattr_init(&attributes);
  pthread_rwlockattr_setkind_np(&attributes, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
  pthread_rwlock_init(&table, &attributes);
  pthread_rwlock_rdlock(&table);
  pthread_create(&t, NULL, writer, NULL);
  while (pthread_rwlock_tryrdlock(&table) == 0) { // until the writer waits
    pthread_rwlock_unlock(&table);
    sched_yield();
  }
  pthread_rwlock_rdlock(&table); // CHECK-DAG: reader_again.c:[[@LINE]]
  pthread_rwlock_unlock(&table);
  pthread_rwlock_unlock(&table);
  pthread_join(t, NULL);
  return 0;
}
