// SPDX-License-Identifier: MIT
// Somebody outside may lock one that has external linkage.
// RUN: %gordian check --rule data-race=off %s -- -std=gnu17
#include <pthread.h>

pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static int n;

void bump(void)
{
    pthread_mutex_lock(&m);
    n++;
    pthread_mutex_unlock(&m);
}

void end(void)
{
    n = 0;
    pthread_mutex_unlock(&m);
}
