// SPDX-License-Identifier: MIT
// An init function makes the mutex recursive.
// RUN: %gordian check --rule data-race=off %s -- -std=gnu17
#include <pthread.h>

struct obj { pthread_mutex_t m; int v; };

void obj_init(struct obj *o)
{
    pthread_mutexattr_t a;
    pthread_mutexattr_init(&a);
    pthread_mutexattr_settype(&a, PTHREAD_MUTEX_RECURSIVE);
    pthread_mutex_init(&o->m, &a);
    pthread_mutexattr_destroy(&a);
}

static void bump(struct obj *o)
{
    pthread_mutex_lock(&o->m);
    o->v++;
    pthread_mutex_unlock(&o->m);
}

void twice(struct obj *o)
{
    pthread_mutex_lock(&o->m);
    bump(o);
    pthread_mutex_unlock(&o->m);
}
