// SPDX-License-Identifier: MIT
// The same where a function locks it for its caller.
// RUN: %gordian check --rule data-race=off %s -- -std=gnu17 | %FileCheck %s
// CHECK: no findings
#include <pthread.h>
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int go;
void enter(void)
{
    pthread_mutex_lock(&lock);
}
void leave(void)
{
    pthread_mutex_unlock(&lock);
}
void wait_go(void)
{
    while (!go)
        pthread_cond_wait(&changed, &lock);
}
void start(void)
{
    pthread_mutex_lock(&lock);
    go = 1;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
}
