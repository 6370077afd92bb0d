// SPDX-License-Identifier: MIT
// One early return keeps the lock. Its callers leave it held too, and the next call finds it held: one defect.
// RUN: %gordian check --rule data-race=off %s -- -std=gnu17 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK-NOT: error:
// CHECK-NOT: warning:
// CHECK: warning: `send_one` returns with `link::lock` held: nobody releases it [lock-leak]
// CHECK-NOT: error:
// CHECK-NOT: warning:
// CHECK: 1 finding
#include <pthread.h>

struct link { pthread_mutex_t lock; int fd, pending; };

static int send_one(struct link *l)
{
    pthread_mutex_lock(&l->lock);
    if (l->fd < 0)
        return -1;
    l->pending--;
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
