// SPDX-License-Identifier: MIT
// The depth of a section is counted, but the inner section is not left where a value is negative: the lock stays.
// RUN: %gordian check --rule data-race=off %s -- -std=gnu17 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
#include <pthread.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static __thread int level;
static int value;

int set(int n)
{
    if (level++ == 0)
        pthread_mutex_lock(&m); // CHECK-DAG: depth_per_thread.c:[[@LINE]]:{{.*}}[lock-leak]
    if (n < 0)
        return -1;
    value = n;
    if (--level == 0)
        pthread_mutex_unlock(&m);
    return 0;
}
