// SPDX-License-Identifier: MIT
// The caller locks: the library has functions for it.
// RUN: %gordian check --rule data-race=off %s -- -std=gnu17
#include <pthread.h>
struct event {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int set;
};
void event_lock(struct event *e) { pthread_mutex_lock(&e->lock); }
void event_unlock(struct event *e) { pthread_mutex_unlock(&e->lock); }
void event_wait(struct event *e)
{
    while (!e->set)
        pthread_cond_wait(&e->changed, &e->lock);
}
void event_set(struct event *e)
{
    pthread_mutex_lock(&e->lock);
    e->set = 1;
    pthread_cond_broadcast(&e->changed);
    pthread_mutex_unlock(&e->lock);
}
