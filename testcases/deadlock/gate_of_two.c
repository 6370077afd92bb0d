// SPDX-License-Identifier: MIT
// A gate around one edge of three.
// RUN: %gordian check --rule data-race=off %s -- -std=gnu17 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK-DAG: [lock-order-inversion]
#include <pthread.h>

static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t l[3] = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER};
static int n;

static void pair(pthread_mutex_t *x, pthread_mutex_t *y)
{
    pthread_mutex_lock(x);
    pthread_mutex_lock(y); // CHECK-DAG: gate_of_two.c:[[@LINE]]:
    n++;
    pthread_mutex_unlock(y);
    pthread_mutex_unlock(x);
}

void f(void)
{
    pair(&l[0], &l[1]);
}

void g(void)
{
    pair(&l[1], &l[2]);
}

void h(void)
{
    pthread_mutex_lock(&gate);
    pair(&l[2], &l[0]);
    pthread_mutex_unlock(&gate);
}
