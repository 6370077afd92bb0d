// SPDX-License-Identifier: MIT
// It leaves on each.
// RUN: %gordian check --rule data-race=off %s -- -std=gnu17
#include <pthread.h>
#include <stdbool.h>

struct part { pthread_mutex_t m; int n, closed; };

static bool part_enter(struct part *p)
{
    if (p->closed)
        return false;
    pthread_mutex_lock(&p->m);
    return true;
}

static void part_leave(struct part *p)
{
    pthread_mutex_unlock(&p->m);
}

int add(struct part *p, int k)
{
    if (!part_enter(p))
        return -1;
    if (k == 0) {
        part_leave(p);
        return 0;
    }
    p->n += k;
    part_leave(p);
    return 1;
}
