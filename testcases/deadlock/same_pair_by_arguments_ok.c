// SPDX-License-Identifier: MIT
// With the pair in one order.
// RUN: %gordian check --rule data-race=off %s -- -std=gnu17
#include <pthread.h>

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;
static int n;

static void both(pthread_mutex_t *x, pthread_mutex_t *y)
{
    pthread_mutex_lock(x);
    pthread_mutex_lock(y);
    n++;
    pthread_mutex_unlock(y);
    pthread_mutex_unlock(x);
}

void f(void)
{
    both(&a, &b);
}

void g(void)
{
    both(&a, &b);
}
