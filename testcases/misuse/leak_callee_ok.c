// SPDX-License-Identifier: MIT
// The early return gives the lock back: nothing follows in the callers.
// RUN: %gordian check --rule data-race=off %s -- -std=gnu17
#include <pthread.h>

struct link { pthread_mutex_t lock; int fd, pending; };

static int send_one(struct link *l)
{
    pthread_mutex_lock(&l->lock);
    if (l->fd < 0)
        goto out;
    l->pending--;
out:
    pthread_mutex_unlock(&l->lock);
    return 0;
}

int send_all(struct link *l)
{
    while (l->pending > 0)
        if (send_one(l) > 0)
            return 1;
    return 0;
}

int greet(struct link *l)
{
    l->pending++;
    return send_one(l);
}

int serve(struct link *l)
{
    greet(l);
    return send_all(l);
}
