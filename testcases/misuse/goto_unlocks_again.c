// SPDX-License-Identifier: MIT
// The error path unlocks, then goes to the label that unlocks.
// RUN: %gordian check --rule data-race=off %s -- -std=gnu17 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK-DAG: [release-without-acquire]
#include <pthread.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static int n;

int set(int k)
{
    int rc = -1;
    pthread_mutex_lock(&m);
    if (k < 0) {
        pthread_mutex_unlock(&m);
        goto out;
    }
    n = k;
    rc = 0;
out:
    pthread_mutex_unlock(&m); // CHECK-DAG: goto_unlocks_again.c:[[@LINE]]:
    return rc;
}
