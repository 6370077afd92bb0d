// SPDX-License-Identifier: MIT
// The second lock is taken only where the last reference is given up, which an owner may exclude: a warning.
// RUN: %gordian check --rule data-race=off --explain-ranking %s -- -std=gnu17 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK: warning: `queue` and `registry` are acquired in opposite orders
// CHECK: it happens only where the last reference is given up 0.60
// CHECK: 1 finding
#include <pthread.h>
#include <stdlib.h>

struct topic { int refcnt; pthread_mutex_t *registry; };
static pthread_mutex_t registry = PTHREAD_MUTEX_INITIALIZER, queue = PTHREAD_MUTEX_INITIALIZER;
static int topics;

static void topic_end(struct topic *t)
{
    pthread_mutex_lock(&registry);
    topics--;
    pthread_mutex_unlock(&registry);
    free(t);
}

static void topic_put(struct topic *t)
{
    if (__atomic_sub_fetch(&t->refcnt, 1, __ATOMIC_ACQ_REL) == 0)
        topic_end(t);
}

void expire(struct topic *t)
{
    pthread_mutex_lock(&queue);
    topic_put(t);
    pthread_mutex_unlock(&queue);
}

void purge(void)
{
    pthread_mutex_lock(&registry);
    pthread_mutex_lock(&queue);
    topics++;
    pthread_mutex_unlock(&queue);
    pthread_mutex_unlock(&registry);
}
