// SPDX-License-Identifier: MIT
// The lower address comes first.
// RUN: %gordian check --rule data-race=off %s -- -std=gnu17
#include <pthread.h>
#include <stdint.h>

struct acc { pthread_mutex_t m; int v; };

void transfer(struct acc *a, struct acc *b, int n)
{
    if (a == b)
        return;
    if ((uintptr_t)a < (uintptr_t)b) {
        pthread_mutex_lock(&a->m);
        pthread_mutex_lock(&b->m);
    } else {
        pthread_mutex_lock(&b->m);
        pthread_mutex_lock(&a->m);
    }
    a->v -= n;
    b->v += n;
    pthread_mutex_unlock(&a->m);
    pthread_mutex_unlock(&b->m);
}
