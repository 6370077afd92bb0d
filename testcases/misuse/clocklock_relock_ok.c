// SPDX-License-Identifier: MIT
// The helper is called when the mutex is free again.
// RUN: %gordian check --rule data-race=off %s -- -std=gnu17
#define _GNU_SOURCE
#include <pthread.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static int value;

static void bump(void)
{
    pthread_mutex_lock(&m);
    value++;
    pthread_mutex_unlock(&m);
}

int bump_until(const struct timespec *until)
{
    if (pthread_mutex_clocklock(&m, CLOCK_MONOTONIC, until) != 0)
        return -1;
    pthread_mutex_unlock(&m);
    bump();
    return 0;
}
