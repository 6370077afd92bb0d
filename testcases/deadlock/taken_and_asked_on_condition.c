// SPDX-License-Identifier: MIT
// The first lock is taken on a condition that the second request stands under, too: an error.
// RUN: %gordian check --rule data-race=off %s -- -std=gnu17 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK: error: `link::m` and `registry` are acquired in opposite orders
// CHECK: 1 finding
#include <pthread.h>

struct link { pthread_mutex_t m; int n; };
static pthread_mutex_t registry = PTHREAD_MUTEX_INITIALIZER;
static int ended;
int look_at(int kind);

void on_timer(struct link *l, int kind)
{
    if (l) {
        pthread_mutex_lock(&l->m);
        if (look_at(kind) == 2) {
            pthread_mutex_lock(&registry);
            ended++;
            pthread_mutex_unlock(&registry);
        }
        pthread_mutex_unlock(&l->m);
    }
}

void sweep(struct link *l)
{
    pthread_mutex_lock(&registry);
    pthread_mutex_lock(&l->m);
    l->n++;
    pthread_mutex_unlock(&l->m);
    pthread_mutex_unlock(&registry);
}
