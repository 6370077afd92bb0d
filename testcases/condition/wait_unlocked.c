// SPDX-License-Identifier: MIT
// A library waits with a mutex that none of its functions leaves held for the caller.
// RUN: %gordian check --rule data-race=off %s -- -std=gnu17 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
#include <pthread.h>
struct event {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int set;
};
void event_wait(struct event *e)
{
    while (!e->set)
        pthread_cond_wait(&e->changed, &e->lock); // CHECK: wait_unlocked.c:[[#@LINE]]:{{.*}}[condition-misuse]
}
void event_set(struct event *e)
{
    pthread_mutex_lock(&e->lock);
    e->set = 1;
    pthread_cond_broadcast(&e->changed);
    pthread_mutex_unlock(&e->lock);
}
