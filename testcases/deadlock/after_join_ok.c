// SPDX-License-Identifier: MIT
// It runs when the thread is joined.
// RUN: %gordian check --rule data-race=off %s -- -std=gnu17
#include <pthread.h>

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;
static int n;

static void *run(void *p)
{
    pthread_mutex_lock(&a);
    pthread_mutex_lock(&b);
    n++;
    pthread_mutex_unlock(&b);
    pthread_mutex_unlock(&a);
    return p;
}

int main(void)
{
    pthread_t t;
    pthread_create(&t, 0, run, 0);
    pthread_join(t, 0);
    pthread_mutex_lock(&b);
    pthread_mutex_lock(&a);
    n--;
    pthread_mutex_unlock(&a);
    pthread_mutex_unlock(&b);
    return n;
}
