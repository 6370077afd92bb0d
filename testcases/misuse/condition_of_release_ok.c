// SPDX-License-Identifier: MIT
// The two have one condition.
// RUN: %gordian check --rule data-race=off %s -- -std=gnu17
#include <pthread.h>

struct part { pthread_mutex_t m; int n; };

void bump(struct part *p, unsigned flags)
{
    if (flags & 1u)
        pthread_mutex_lock(&p->m);
    p->n++;
    if (flags & 1u)
        pthread_mutex_unlock(&p->m);
}
