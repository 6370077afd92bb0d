// SPDX-License-Identifier: MIT
// The unlock is reached also where trylock failed.
// RUN: %gordian check --rule data-race=off %s -- -std=gnu17 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK-DAG: [release-without-acquire]
#include <pthread.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static int n;

void bump(void)
{
    if (pthread_mutex_trylock(&m) == 0)
        n++;
    pthread_mutex_unlock(&m); // CHECK-DAG: trylock_failed.c:[[@LINE]]:
}
