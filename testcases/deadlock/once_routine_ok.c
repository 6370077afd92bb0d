// SPDX-License-Identifier: MIT
// pthread_once comes before the lock.
// RUN: %gordian check --rule data-race=off %s -- -std=gnu17
#include <pthread.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static int ready, uses;

static void setup(void)
{
    pthread_mutex_lock(&m);
    ready = 1;
    pthread_mutex_unlock(&m);
}

void start(void)
{
    pthread_once(&once, setup);
}

void use(void)
{
    pthread_once(&once, setup);
    pthread_mutex_lock(&m);
    uses++;
    pthread_mutex_unlock(&m);
}
