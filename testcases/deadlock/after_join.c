// SPDX-License-Identifier: MIT
// The reverse order runs beside the thread.
// RUN: %gordian check --rule data-race=off %s -- -std=gnu17 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK-DAG: [lock-order-inversion]
#include <pthread.h>

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;
static int n;

static void *run(void *p)
{
    pthread_mutex_lock(&a);
    pthread_mutex_lock(&b); // CHECK-DAG: after_join.c:[[@LINE]]:
    n++;
    pthread_mutex_unlock(&b);
    pthread_mutex_unlock(&a);
    return p;
}

int main(void)
{
    pthread_t t;
    pthread_create(&t, 0, run, 0);
    pthread_mutex_lock(&b);
    pthread_mutex_lock(&a); // CHECK-DAG: after_join.c:[[@LINE]]:
    n--;
    pthread_mutex_unlock(&a);
    pthread_mutex_unlock(&b);
    pthread_join(t, 0);
    return n;
}
