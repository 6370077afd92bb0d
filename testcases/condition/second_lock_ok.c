// SPDX-License-Identifier: MIT
// Waits holding a second lock that no notifier needs.
// RUN: %gordian check --rule data-race=off %s -- -std=gnu17
#include <pthread.h>
static pthread_mutex_t io = PTHREAD_MUTEX_INITIALIZER, m = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t c = PTHREAD_COND_INITIALIZER;
static int n, total;
void get(void)
{
    pthread_mutex_lock(&io);
    pthread_mutex_lock(&m);
    while (n == 0)
        pthread_cond_wait(&c, &m);
    n--;
    pthread_mutex_unlock(&m);
    total++;
    pthread_mutex_unlock(&io);
}
void put(void)
{
    pthread_mutex_lock(&m);
    n++;
    pthread_cond_signal(&c);
    pthread_mutex_unlock(&m);
}
