// SPDX-License-Identifier: MIT
// C11 mutexes in both orders, one of them with its result tested.
// RUN: %gordian check --rule data-race=off %s -- -std=gnu17 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK-DAG: [lock-order-inversion]
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
    mtx_lock(&b); // CHECK-DAG: c11_mtx.c:[[@LINE]]:
    x++;
    mtx_unlock(&b);
    mtx_unlock(&a);
    return 0;
}

int two(void *arg)
{
    (void)arg;
    mtx_lock(&b);
    if (mtx_lock(&a) != thrd_success) { // CHECK-DAG: c11_mtx.c:[[@LINE]]:
        mtx_unlock(&b);
        return 1;
    }
    x--;
    mtx_unlock(&a);
    mtx_unlock(&b);
    return 0;
}
