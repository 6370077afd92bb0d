// SPDX-License-Identifier: MIT
// The argument check after the lock returns without unlocking.
// RUN: %gordian check --rule data-race=off %s -- -std=gnu17 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK: [lock-leak]
#include <errno.h>
#include <pthread.h>

struct fifo { pthread_mutex_t lock; int buf[64]; unsigned in, out; };

int fifo_put(struct fifo *f, int v)
{
    pthread_mutex_lock(&f->lock);
    if (f->in - f->out == 64)
        return -EAGAIN;
    f->buf[f->in++ % 64] = v;
    pthread_mutex_unlock(&f->lock);
    return 0;
}
