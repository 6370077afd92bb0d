// SPDX-License-Identifier: MIT
// A reader calls a function that wants to write.
// RUN: %gordian check --rule data-race=off %s -- -std=gnu17 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK-DAG: [non-reentrant-reacquire]
#include <pthread.h>

static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
static int table[8];

static void fill(int i)
{
    pthread_rwlock_wrlock(&lock); // CHECK-DAG: rwlock_upgrade_callee.c:[[@LINE]]:
    table[i] = i;
    pthread_rwlock_unlock(&lock);
}

int get(int i)
{
    pthread_rwlock_rdlock(&lock); // CHECK-DAG: rwlock_upgrade_callee.c:[[@LINE]]:
    int v = table[i];
    if (v == 0)
        fill(i);
    pthread_rwlock_unlock(&lock);
    return v;
}
