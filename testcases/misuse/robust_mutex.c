// SPDX-License-Identifier: MIT
// On EOWNERDEAD the mutex is acquired, on other errors it is not.
// RUN: %gordian check --rule data-race=off %s -- -std=gnu17 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK-DAG: [release-without-acquire]
#include <errno.h>
#include <pthread.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static int n;

int down(void)
{
    int err = pthread_mutex_trylock(&m);
    if (err == EOWNERDEAD) {
        pthread_mutex_consistent(&m);
        err = 0;
    }
    if (err == 0)
        n--;
    return pthread_mutex_unlock(&m); // CHECK-DAG: robust_mutex.c:[[@LINE]]:
}
