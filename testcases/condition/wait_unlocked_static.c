// SPDX-License-Identifier: MIT
// A wait with a mutex that only this file knows and that no function leaves locked: nobody can hold it here.
// RUN: %gordian check --rule data-race=off %s -- -std=gnu17 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
#include <pthread.h>
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int go;
void wait_go(void)
{
    while (!go)
        pthread_cond_wait(&changed, &lock); // CHECK: wait_unlocked_static.c:[[#@LINE]]:{{.*}}[condition-misuse]
}
void start(void)
{
    pthread_mutex_lock(&lock);
    go = 1;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
}
