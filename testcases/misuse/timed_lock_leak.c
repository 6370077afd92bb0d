// SPDX-License-Identifier: MIT
// A timed lock that was acquired is not given back on one way out.
// RUN: %gordian check --rule data-race=off %s -- -std=gnu17 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK-DAG: [lock-leak]
#include <pthread.h>
#include <time.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static int value;

int set(const struct timespec *until, int v)
{
    if (pthread_mutex_timedlock(&m, until) != 0) // CHECK-DAG: timed_lock_leak.c:[[@LINE]]:
        return -1;
    if (v < 0)
        return -2;
    value = v;
    pthread_mutex_unlock(&m);
    return 0;
}
