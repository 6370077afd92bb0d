// SPDX-License-Identifier: MIT
// The results of the lock functions are logged; besides, one way out gives the lock back twice, and another
// one keeps it.
// RUN: %gordian check %s -- -std=gnu17 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
#include <pthread.h>
#include <stdio.h>

#define CHECKED(call)                                                                                        \
    do {                                                                                                     \
        int error;                                                                                           \
        if ((error = (call)) != 0)                                                                           \
            fprintf(stderr, "%s:%d: %d\n", __FILE__, __LINE__, error);                                       \
    } while (0)

static pthread_mutex_t table_lock = PTHREAD_MUTEX_INITIALIZER;
static int entries;

int insert(int n)
{
    CHECKED(pthread_mutex_lock(&table_lock));
    if (entries + n > 100)
        CHECKED(pthread_mutex_unlock(&table_lock));
    else
        entries += n;
    // CHECK-DAG: failed_lock_is_logged.c:[[@LINE+1]]:{{.*}} error: `insert` releases `table_lock` a second time
    CHECKED(pthread_mutex_unlock(&table_lock));
    return 0;
}

int take(int n)
{
    // CHECK-DAG: failed_lock_is_logged.c:[[@LINE+1]]:{{.*}} warning: `take` returns with `table_lock` held
    CHECKED(pthread_mutex_lock(&table_lock));
    if (n > entries)
        return -1;
    entries -= n;
    CHECKED(pthread_mutex_unlock(&table_lock));
    return 0;
}
