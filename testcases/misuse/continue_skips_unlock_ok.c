// SPDX-License-Identifier: MIT
// Each way round the loop unlocks.
// RUN: %gordian check --rule data-race=off %s -- -std=gnu17
#include <pthread.h>

struct part { pthread_mutex_t m; int n; };

void sweep(struct part *p, const int *v, int count)
{
    for (int i = 0; i < count; i++) {
        pthread_mutex_lock(&p->m);
        if (v[i] == 0) {
            pthread_mutex_unlock(&p->m);
            continue;
        }
        p->n += v[i];
        pthread_mutex_unlock(&p->m);
    }
}
