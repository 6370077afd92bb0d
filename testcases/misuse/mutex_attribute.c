// SPDX-License-Identifier: MIT
// The attribute of another object does not make this one recursive.
// RUN: %gordian check --rule data-race=off %s -- -std=gnu17 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK-DAG: [non-reentrant-reacquire]
#include <pthread.h>

struct obj { pthread_mutex_t m; int v; };

void obj_init(struct obj *o)
{
    pthread_mutexattr_t a;
    pthread_mutexattr_init(&a);
    pthread_mutexattr_settype(&a, PTHREAD_MUTEX_NORMAL);
    pthread_mutex_init(&o->m, &a);
    pthread_mutexattr_destroy(&a);
}

static void bump(struct obj *o)
{
    pthread_mutex_lock(&o->m); // CHECK-DAG: mutex_attribute.c:[[@LINE]]:
    o->v++;
    pthread_mutex_unlock(&o->m);
}

void twice(struct obj *o)
{
    pthread_mutex_lock(&o->m); // CHECK-DAG: mutex_attribute.c:[[@LINE]]:
    bump(o);
    pthread_mutex_unlock(&o->m);
}
