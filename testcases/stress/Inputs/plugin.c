// SPDX-License-Identifier: MIT
// A module with locks of its own; work(0) takes them in the other order.
#include <pthread.h>

static pthread_mutex_t left = PTHREAD_MUTEX_INITIALIZER, right = PTHREAD_MUTEX_INITIALIZER;

int work(int forwards)
{
    pthread_mutex_t *from = forwards ? &left : &right, *to = forwards ? &right : &left;
    pthread_mutex_lock(from);
    pthread_mutex_lock(to);
    pthread_mutex_unlock(to);
    pthread_mutex_unlock(from);
    return 0;
}
