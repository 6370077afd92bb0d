// SPDX-License-Identifier: MIT
// pthread_once waits for a routine that waits for the caller's lock.
// RUN: %gordian check --rule data-race=off %s -- -std=gnu17 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK-DAG: [lock-order-inversion]
#include <pthread.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static int ready, uses;

static void setup(void)
{
    pthread_mutex_lock(&m); // CHECK-DAG: once_routine.c:[[@LINE]]:
    ready = 1;
    pthread_mutex_unlock(&m);
}

void start(void)
{
    pthread_once(&once, setup);
}

void use(void)
{
    pthread_mutex_lock(&m);
    pthread_once(&once, setup); // CHECK-DAG: once_routine.c:[[@LINE]]:
    uses++;
    pthread_mutex_unlock(&m);
}
