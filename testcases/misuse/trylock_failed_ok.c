// SPDX-License-Identifier: MIT
// It is reached only where it succeeded.
// RUN: %gordian check --rule data-race=off %s -- -std=gnu17
#include <pthread.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static int n;

void bump(void)
{
    if (pthread_mutex_trylock(&m) != 0)
        return;
    n++;
    pthread_mutex_unlock(&m);
}
