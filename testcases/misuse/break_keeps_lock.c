// SPDX-License-Identifier: MIT
// A loop is left by break with its element locked.
// RUN: %gordian check --rule data-race=off %s -- -std=gnu17 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK-DAG: [lock-leak]
#include <pthread.h>

struct part { pthread_mutex_t m; int n; };

int sweep(struct part *p, int count)
{
    int i, sum = 0;
    for (i = 0; i < count; i++) {
        pthread_mutex_lock(&p[i].m); // CHECK-DAG: break_keeps_lock.c:[[@LINE]]:
        if (p[i].n < 0)
            return sum;
        sum += p[i].n;
        pthread_mutex_unlock(&p[i].m);
    }
    return sum;
}
