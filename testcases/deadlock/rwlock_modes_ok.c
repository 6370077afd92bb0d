// SPDX-License-Identifier: MIT
// Where both sides read, nobody waits.
// RUN: %gordian check --rule data-race=off %s -- -std=gnu17
#include <pthread.h>

static pthread_rwlock_t users = PTHREAD_RWLOCK_INITIALIZER, files = PTHREAD_RWLOCK_INITIALIZER;
static int x, y;

void save(void)
{
    pthread_rwlock_rdlock(&users);
    pthread_rwlock_rdlock(&files);
    pthread_rwlock_unlock(&files);
    pthread_rwlock_unlock(&users);
}

void load(void)
{
    pthread_rwlock_rdlock(&files);
    pthread_rwlock_rdlock(&users);
    pthread_rwlock_unlock(&users);
    pthread_rwlock_unlock(&files);
}
