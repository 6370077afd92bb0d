// SPDX-License-Identifier: MIT
// Trylock's result kept in a variable and tested later.
// RUN: %gordian check --rule data-race=off %s -- -std=gnu17
#include <pthread.h>
static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static int n, missed;
void f(void)
{
    int got = pthread_mutex_trylock(&m) == 0;
    if (got)
        n++;
    else
        __atomic_add_fetch(&missed, 1, __ATOMIC_RELAXED);
    if (got)
        pthread_mutex_unlock(&m);
}
