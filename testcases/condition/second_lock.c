// SPDX-License-Identifier: MIT
// Waits holding a second lock that the notifier needs.
// RUN: %gordian check --rule data-race=off %s -- -std=gnu17 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK: [condition-misuse]
#include <pthread.h>
static pthread_mutex_t outer = PTHREAD_MUTEX_INITIALIZER, m = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t c = PTHREAD_COND_INITIALIZER;
static int n, total;
void get(void)
{
    pthread_mutex_lock(&outer);
    pthread_mutex_lock(&m);
    while (n == 0)
        pthread_cond_wait(&c, &m);
    n--;
    total++;
    pthread_mutex_unlock(&m);
    pthread_mutex_unlock(&outer);
}
void put(void)
{
    pthread_mutex_lock(&outer);
    total--;
    pthread_mutex_lock(&m);
    n++;
    pthread_cond_signal(&c);
    pthread_mutex_unlock(&m);
    pthread_mutex_unlock(&outer);
}
