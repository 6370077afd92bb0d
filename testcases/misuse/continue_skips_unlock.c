// SPDX-License-Identifier: MIT
// continue skips the unlock at the loop's end.
// RUN: %gordian check --rule data-race=off %s -- -std=gnu17 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK-DAG: [non-reentrant-reacquire]
#include <pthread.h>

struct part { pthread_mutex_t m; int n; };

void sweep(struct part *p, const int *v, int count)
{
    for (int i = 0; i < count; i++) {
        pthread_mutex_lock(&p->m); // CHECK-DAG: continue_skips_unlock.c:[[@LINE]]:
        if (v[i] == 0)
            continue;
        p->n += v[i];
        pthread_mutex_unlock(&p->m);
    }
}
