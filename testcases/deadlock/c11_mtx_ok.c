// SPDX-License-Identifier: MIT
// One order.
// RUN: %gordian check --rule data-race=off %s -- -std=gnu17
#include <threads.h>

static mtx_t a, b;
static int x;

int setup(void)
{
    return mtx_init(&a, mtx_plain) | mtx_init(&b, mtx_plain);
}

int one(void *arg)
{
    (void)arg;
    mtx_lock(&a);
    mtx_lock(&b);
    x++;
    mtx_unlock(&b);
    mtx_unlock(&a);
    return 0;
}

int two(void *arg)
{
    (void)arg;
    mtx_lock(&a);
    if (mtx_lock(&b) != thrd_success) {
        mtx_unlock(&a);
        return 1;
    }
    x--;
    mtx_unlock(&a);
    mtx_unlock(&b);
    return 0;
}
