// SPDX-License-Identifier: MIT
// The branch says nothing about an order.
// RUN: %gordian check --rule data-race=off %s -- -std=gnu17 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK-DAG: [lock-order-inversion]
#include <pthread.h>
#include <stdint.h>

struct acc { pthread_mutex_t m; int v; };

void transfer(struct acc *a, struct acc *b, int n)
{
    if (a == b)
        return;
    if (n > 0) {
        pthread_mutex_lock(&a->m);
        pthread_mutex_lock(&b->m);
    } else {
        pthread_mutex_lock(&b->m);
        pthread_mutex_lock(&a->m);
    }
    a->v -= n;
    b->v += n;
    pthread_mutex_unlock(&a->m);
    pthread_mutex_unlock(&b->m);
}
