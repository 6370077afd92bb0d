// SPDX-License-Identifier: MIT
// The kind of timer that asks for the registry uses the session, which is locked where there is one: an
// error.
// RUN: %gordian check --rule data-race=off %s -- -std=gnu17 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK: error: `registry` and `session::m` are acquired in opposite orders
// CHECK: 1 finding
#include <pthread.h>

struct session { pthread_mutex_t m; int n, ended; };
struct timer { struct session *session; int kind; };
static pthread_mutex_t registry = PTHREAD_MUTEX_INITIALIZER, queue = PTHREAD_MUTEX_INITIALIZER;
static int ended, kept;
int active(struct timer *);

void on_timer(struct timer *t)
{
    struct session *s = t->session;
    int kind = t->kind;
    if (s) {
        pthread_mutex_lock(&s->m);
        s->n++;
        if (s->ended)
            goto out;
    } else {
        pthread_mutex_lock(&queue);
    }
    if (!active(t))
        goto out;
    switch (kind) {
    case 1:
        kept++;
        break;
    case 2:
        pthread_mutex_lock(&registry);
        ended += s->n;
        pthread_mutex_unlock(&registry);
        break;
    }
out:
    if (s)
        pthread_mutex_unlock(&s->m);
    else
        pthread_mutex_unlock(&queue);
}

void sweep(struct session *s)
{
    pthread_mutex_lock(&registry);
    pthread_mutex_lock(&s->m);
    s->n++;
    pthread_mutex_unlock(&s->m);
    pthread_mutex_unlock(&registry);
}
