// SPDX-License-Identifier: MIT
// The first lock is taken only where there is an object to lock, and what asks for the second one may well
// run only where there is none: a warning.
// RUN: %gordian check --rule data-race=off --explain-ranking %s -- -std=gnu17 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK: warning: `link::m` and `registry` are acquired in opposite orders
// CHECK: it is taken on a condition that the rest may depend on 0.70
// CHECK: 1 finding
#include <pthread.h>

struct link { pthread_mutex_t m; int n; };
static pthread_mutex_t registry = PTHREAD_MUTEX_INITIALIZER;
static int ended, kept;
int look_at(int kind);

void on_timer(struct link *l, int kind)
{
    if (l)
        pthread_mutex_lock(&l->m);
    switch (look_at(kind)) {
    case 1:
        kept++;
        break;
    case 2:
        pthread_mutex_lock(&registry);
        ended++;
        pthread_mutex_unlock(&registry);
        break;
    }
    if (l)
        pthread_mutex_unlock(&l->m);
}

void sweep(struct link *l)
{
    pthread_mutex_lock(&registry);
    pthread_mutex_lock(&l->m);
    l->n++;
    pthread_mutex_unlock(&l->m);
    pthread_mutex_unlock(&registry);
}
