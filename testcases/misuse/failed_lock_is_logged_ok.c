// SPDX-License-Identifier: MIT
// That a lock could not be had is told to a log, and the function goes on: no path without the lock.
// RUN: %gordian check %s -- -std=gnu17 > %t.txt; test $? -eq 0
// RUN: %FileCheck %s < %t.txt
// CHECK: no findings
#include <pthread.h>
#include <stdio.h>

#define CHECKED(call)                                                                                        \
    do {                                                                                                     \
        int error;                                                                                           \
        if ((error = (call)) != 0)                                                                           \
            fprintf(stderr, "%s:%d: %d\n", __FILE__, __LINE__, error);                                       \
    } while (0)

static pthread_mutex_t table_lock = PTHREAD_MUTEX_INITIALIZER, log_lock = PTHREAD_MUTEX_INITIALIZER;
static int entries, lines;

static void note(void)
{
    CHECKED(pthread_mutex_lock(&log_lock));
    lines++;
    CHECKED(pthread_mutex_unlock(&log_lock));
}

static int insert(int n)
{
    CHECKED(pthread_mutex_lock(&table_lock));
    if (entries + n > 100) {
        CHECKED(pthread_mutex_unlock(&table_lock));
        note();
        return -1;
    }
    entries += n;
    CHECKED(pthread_mutex_unlock(&table_lock));
    return 0;
}

static int insert_or_fail(int n)
{
    int locked = 0, result = -1;
    if (pthread_mutex_lock(&table_lock) != 0)
        goto out;
    locked = 1;
    entries += n;
    result = 0;
out:
    if (locked)
        pthread_mutex_unlock(&table_lock);
    return result;
}

static void *run(void *arg)
{
    for (int i = 0; i < 10; i++)
        insert(i), insert_or_fail(i);
    return arg;
}

int main(void)
{
    pthread_t t[2];
    for (int i = 0; i < 2; i++)
        pthread_create(&t[i], NULL, run, NULL);
    for (int i = 0; i < 2; i++)
        pthread_join(t[i], NULL);
    return 0;
}
