// SPDX-License-Identifier: MIT
// The callee takes the second lock without giving the first back.
// RUN: %gordian check --rule data-race=off %s -- -std=gnu17 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK: [lock-order-inversion]
#include <pthread.h>

struct link { pthread_mutex_t m; int state; };
struct end { pthread_mutex_t m; struct link *first; };
int look_up(struct link **);

static void restart(struct link *l, struct end *e)
{
    pthread_mutex_lock(&e->m);
    l->state = 2;
    pthread_mutex_unlock(&e->m);
}

void on_echo(struct link **found, struct end *e)
{
    struct link *l = *found;
    if (l)
        pthread_mutex_lock(&l->m);
    if (look_up(found) && *found)
        restart(*found, e);
    if (l)
        pthread_mutex_unlock(&l->m);
}

void set_option(struct end *e)
{
    pthread_mutex_lock(&e->m);
    pthread_mutex_lock(&e->first->m);
    e->first->state = 1;
    pthread_mutex_unlock(&e->first->m);
    pthread_mutex_unlock(&e->m);
}
