// SPDX-License-Identifier: MIT
// A helper is called with a pair in both orders.
// RUN: %gordian check --rule data-race=off %s -- -std=gnu17 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK-DAG: [lock-order-inversion]
#include <pthread.h>

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;
static int n;

static void both(pthread_mutex_t *x, pthread_mutex_t *y)
{
    pthread_mutex_lock(x);
    pthread_mutex_lock(y); // CHECK-DAG: same_pair_by_arguments.c:[[@LINE]]:
    n++;
    pthread_mutex_unlock(y);
    pthread_mutex_unlock(x);
}

void f(void)
{
    both(&a, &b);
}

void g(void)
{
    both(&b, &a);
}
