// SPDX-License-Identifier: MIT
// The lock is given back before.
// RUN: %gordian check --rule data-race=off %s -- -std=gnu17
#include <pthread.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static int n;

static void *run(void *p)
{
    pthread_mutex_lock(&m);
    n++;
    if (p == 0) {
        pthread_mutex_unlock(&m);
        pthread_exit(0);
    }
    pthread_mutex_unlock(&m);
    return 0;
}

int main(void)
{
    pthread_t t;
    pthread_create(&t, 0, run, 0);
    pthread_join(t, 0);
    return 0;
}
