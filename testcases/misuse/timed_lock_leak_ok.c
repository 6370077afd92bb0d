// SPDX-License-Identifier: MIT
// The failure of a timed lock is no way out that forgot it.
// RUN: %gordian check --rule data-race=off %s -- -std=gnu17
#include <pthread.h>
#include <time.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static int value;

int set(const struct timespec *until, int v)
{
    if (pthread_mutex_timedlock(&m, until) != 0)
        return -1;
    if (v < 0) {
        pthread_mutex_unlock(&m);
        return -2;
    }
    value = v;
    pthread_mutex_unlock(&m);
    return 0;
}
