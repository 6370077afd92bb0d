// SPDX-License-Identifier: MIT
// The lock is taken where one of two flags says so, and given back under one of them behind a loop: it is asked
// for again with it held.
// RUN: %gordian check --rule data-race=off %s -- -std=gnu17 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK: error: `visit` acquires `m`, which its thread already holds
#include <pthread.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static int total;
int wait_for(int);

void visit(int threaded, int shared, int n)
{
    if (threaded || shared)
        pthread_mutex_lock(&m);
    total++;
    while (wait_for(n))
        n--;
    if (threaded)
        pthread_mutex_unlock(&m);
    pthread_mutex_lock(&m);
    total--;
    pthread_mutex_unlock(&m);
}
