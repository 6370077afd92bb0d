// SPDX-License-Identifier: MIT
// Around all of them.
// RUN: %gordian check --rule data-race=off %s -- -std=gnu17
#include <pthread.h>

static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t l[3] = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER};
static int n;

static void pair(pthread_mutex_t *x, pthread_mutex_t *y)
{
    pthread_mutex_lock(x);
    pthread_mutex_lock(y);
    n++;
    pthread_mutex_unlock(y);
    pthread_mutex_unlock(x);
}

void f(void)
{
    pthread_mutex_lock(&gate);
    pair(&l[0], &l[1]);
    pthread_mutex_unlock(&gate);
}

void g(void)
{
    pthread_mutex_lock(&gate);
    pair(&l[1], &l[2]);
    pthread_mutex_unlock(&gate);
}

void h(void)
{
    pthread_mutex_lock(&gate);
    pair(&l[2], &l[0]);
    pthread_mutex_unlock(&gate);
}
