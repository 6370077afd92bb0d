// SPDX-License-Identifier: MIT
// Trylock's result is ignored and the mutex unlocked.
// RUN: %gordian check --rule data-race=off %s -- -std=gnu17 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK: [release-without-acquire]
#include <pthread.h>
static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static int n;
void f(void)
{
    int rc = pthread_mutex_trylock(&m);
    if (rc == 0)
        n++;
    pthread_mutex_unlock(&m);
}
