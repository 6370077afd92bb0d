// SPDX-License-Identifier: MIT
// Whether there is a session decides which lock is taken, and the kind of the timer what is asked for under it:
// that a timer of the registry's kind has no session is not written down. A warning.
// RUN: %gordian check --rule data-race=off --explain-ranking %s -- -std=gnu17 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK: warning: `registry` and `session::m` are acquired in opposite orders
// CHECK: one condition takes it, another one leads on: the two may exclude each other 0.70
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
        ended++;
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
