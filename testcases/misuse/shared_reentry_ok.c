// SPDX-License-Identifier: MIT
// A pthread rwlock of the default kind lets a reader in again.
// RUN: %cc %s -o %t
// RUN: timeout 20 %run -- %t > %t.out 2>&1
// RUN: %FileCheck %s < %t.out
// CHECK: no findings
#include <pthread.h>

static pthread_rwlock_t table = PTHREAD_RWLOCK_INITIALIZER;
static int rows;

static int __attribute__((noinline)) count(void) {
  pthread_rwlock_rdlock(&table);
  int n = rows;
  pthread_rwlock_unlock(&table);
  return n;
}

int main(void) {
  pthread_rwlock_wrlock(&table);
  rows = 3;
  pthread_rwlock_unlock(&table);
  pthread_rwlock_rdlock(&table);
  int n = count();
  pthread_rwlock_unlock(&table);
  return n == 3 ? 0 : 1;
}
