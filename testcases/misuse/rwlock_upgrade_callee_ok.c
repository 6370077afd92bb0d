// SPDX-License-Identifier: MIT
// The reader gives its lock up first.
// RUN: %gordian check --rule data-race=off %s -- -std=gnu17
#include <pthread.h>

static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
static int table[8];

static void fill(int i)
{
    pthread_rwlock_wrlock(&lock);
    table[i] = i;
    pthread_rwlock_unlock(&lock);
}

int get(int i)
{
    pthread_rwlock_rdlock(&lock);
    int v = table[i];
    pthread_rwlock_unlock(&lock);
    if (v == 0)
        fill(i);
    return v;
}
