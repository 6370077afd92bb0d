// SPDX-License-Identifier: MIT
// Each side reads one lock and wants to write the other.
// RUN: %gordian check --rule data-race=off %s -- -std=gnu17 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK-DAG: [lock-order-inversion]
#include <pthread.h>

static pthread_rwlock_t users = PTHREAD_RWLOCK_INITIALIZER, files = PTHREAD_RWLOCK_INITIALIZER;
static int x, y;

void save(void)
{
    pthread_rwlock_rdlock(&users);
    pthread_rwlock_wrlock(&files); // CHECK-DAG: rwlock_modes.c:[[@LINE]]:
    y = x;
    pthread_rwlock_unlock(&files);
    pthread_rwlock_unlock(&users);
}

void load(void)
{
    pthread_rwlock_rdlock(&files);
    pthread_rwlock_wrlock(&users); // CHECK-DAG: rwlock_modes.c:[[@LINE]]:
    x = y;
    pthread_rwlock_unlock(&users);
    pthread_rwlock_unlock(&files);
}
