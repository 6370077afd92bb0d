// SPDX-License-Identifier: MIT
// A re-entrant lock is taken three times, the last time by a try, and given back three times.
// RUN: %gordian check %s -- -std=gnu17
#include <pthread.h>
#include <stdlib.h>
static int make(pthread_mutex_t *m)
{
    pthread_mutexattr_t attr;
    pthread_mutexattr_init(&attr);
    pthread_mutexattr_settype(&attr, PTHREAD_MUTEX_RECURSIVE);
    return pthread_mutex_init(m, &attr);
}
int main(void)
{
    pthread_mutex_t m;
    if (make(&m))
        return 1;
    pthread_mutex_lock(&m);
    pthread_mutex_lock(&m);
    if (pthread_mutex_trylock(&m) != 0)
        abort();
    pthread_mutex_unlock(&m);
    pthread_mutex_unlock(&m);
    pthread_mutex_unlock(&m);
    return 0;
}
