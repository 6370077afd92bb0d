// SPDX-License-Identifier: MIT
// The second lock is taken where a number has come to its end that counts no references: an error.
// RUN: %gordian check --rule data-race=off %s -- -std=gnu17 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK: error: `queue` and `registry` are acquired in opposite orders
// CHECK: 1 finding
#include <pthread.h>
#include <stdlib.h>

struct topic { int turns; pthread_mutex_t *registry; };
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
    if (__atomic_sub_fetch(&t->turns, 1, __ATOMIC_ACQ_REL) == 0)
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
