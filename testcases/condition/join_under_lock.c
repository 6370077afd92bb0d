// SPDX-License-Identifier: MIT
// Pthread_join under a mutex that the thread function takes in a helper.
// RUN: %gordian check --rule data-race=off %s -- -std=gnu17 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK: [blocking-under-lock]
#include <pthread.h>
static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static int n;
static void bump(void) { pthread_mutex_lock(&m); n++; pthread_mutex_unlock(&m); }
static void *worker(void *p) { bump(); return p; }
int main(void)
{
    pthread_t t;
    if (pthread_create(&t, 0, worker, 0) != 0)
        return 1;
    pthread_mutex_lock(&m);
    n += 2;
    pthread_join(t, 0);
    pthread_mutex_unlock(&m);
    return n;
}
