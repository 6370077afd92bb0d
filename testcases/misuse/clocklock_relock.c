// SPDX-License-Identifier: MIT
// pthread_mutex_clocklock acquires as pthread_mutex_lock does.
// RUN: %gordian check --rule data-race=off %s -- -std=gnu17 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK-DAG: [non-reentrant-reacquire]
#define _GNU_SOURCE
#include <pthread.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static int value;

static void bump(void)
{
    pthread_mutex_lock(&m); // CHECK-DAG: clocklock_relock.c:[[@LINE]]:
    value++;
    pthread_mutex_unlock(&m);
}

int bump_until(const struct timespec *until)
{
    if (pthread_mutex_clocklock(&m, CLOCK_MONOTONIC, until) != 0) // CHECK-DAG: clocklock_relock.c:[[@LINE]]:
        return -1;
    bump();
    pthread_mutex_unlock(&m);
    return 0;
}
