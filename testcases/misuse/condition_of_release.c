// SPDX-License-Identifier: MIT
// The release has another condition than the acquisition.
// RUN: %gordian check --rule data-race=off %s -- -std=gnu17 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK-DAG: [release-without-acquire]
#include <pthread.h>

struct part { pthread_mutex_t m; int n; };

void bump(struct part *p, unsigned flags)
{
    if (flags & 1u)
        pthread_mutex_lock(&p->m);
    p->n++;
    if (flags & 2u)
        pthread_mutex_unlock(&p->m); // CHECK-DAG: condition_of_release.c:[[@LINE]]:
}
