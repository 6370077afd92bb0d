// SPDX-License-Identifier: MIT
// The lock is given back where the question is answered yes that it was taken on, before the registry is asked
// for: no order.
// RUN: %gordian check --rule data-race=off %s -- -std=gnu17 > %t.txt; test $? -eq 0
// RUN: %FileCheck %s < %t.txt
// CHECK: no findings
#include <pthread.h>

struct session { pthread_mutex_t m; int n; };
static pthread_mutex_t registry = PTHREAD_MUTEX_INITIALIZER;
static int alone, total;
int is_shared(struct session *);

void account(struct session *s)
{
    if (is_shared(s)) {
        pthread_mutex_lock(&s->m);
        s->n++;
    } else {
        alone++;
    }
    total++;
    if (is_shared(s))
        pthread_mutex_unlock(&s->m);
    pthread_mutex_lock(&registry);
    total--;
    pthread_mutex_unlock(&registry);
}

void sweep(struct session *s)
{
    pthread_mutex_lock(&registry);
    pthread_mutex_lock(&s->m);
    s->n++;
    pthread_mutex_unlock(&s->m);
    pthread_mutex_unlock(&registry);
}
