// SPDX-License-Identifier: MIT
// The label behind the unlock.
// RUN: %gordian check --rule data-race=off %s -- -std=gnu17
#include <pthread.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static int n;

int set(int k)
{
    int rc = -1;
    pthread_mutex_lock(&m);
    if (k < 0) {
        pthread_mutex_unlock(&m);
        goto out;
    }
    n = k;
    rc = 0;
    pthread_mutex_unlock(&m);
out:
    return rc;
}
