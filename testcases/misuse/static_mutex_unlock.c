// SPDX-License-Identifier: MIT
// Nobody outside can have locked a static mutex.
// RUN: %gordian check --rule data-race=off %s -- -std=gnu17 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK-DAG: [release-without-acquire]
#include <pthread.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static int n;

void bump(void)
{
    pthread_mutex_lock(&m);
    n++;
    pthread_mutex_unlock(&m);
}

void end(void)
{
    n = 0;
    pthread_mutex_unlock(&m); // CHECK-DAG: static_mutex_unlock.c:[[@LINE]]:
}
