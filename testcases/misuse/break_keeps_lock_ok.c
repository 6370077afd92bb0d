// SPDX-License-Identifier: MIT
// What is locked is told by the index behind the loop.
// RUN: %gordian check --rule data-race=off %s -- -std=gnu17
#include <pthread.h>

struct part { pthread_mutex_t m; int n; };

int sweep(struct part *p, int count)
{
    int i, sum = 0;
    for (i = 0; i < count; i++) {
        pthread_mutex_lock(&p[i].m);
        if (p[i].n < 0)
            break;
        sum += p[i].n;
        pthread_mutex_unlock(&p[i].m);
    }
    if (i < count)
        pthread_mutex_unlock(&p[i].m);
    return sum;
}
