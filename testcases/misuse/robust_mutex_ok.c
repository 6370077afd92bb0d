// SPDX-License-Identifier: MIT
// EOWNERDEAD counts as success.
// RUN: %gordian check --rule data-race=off %s -- -std=gnu17
#include <errno.h>
#include <pthread.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static int n;

int down(void)
{
    int err = pthread_mutex_trylock(&m);
    if (err == EOWNERDEAD) {
        pthread_mutex_consistent(&m);
        err = 0;
    }
    if (err)
        return -err;
    n--;
    return pthread_mutex_unlock(&m);
}
