// SPDX-License-Identifier: MIT
// Macros and functions that lock for their caller.
// RUN: %gordian check --rule data-race=off %s -- -std=gnu17 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK-DAG: [lock-order-inversion]
#include <pthread.h>
#include <stdlib.h>

#define CHECKED(e) do { if ((e) != 0) abort(); } while (0)
#define LOCK(x) CHECKED(pthread_mutex_lock(&(x)->m))
#define UNLOCK(x) CHECKED(pthread_mutex_unlock(&(x)->m))

struct part { pthread_mutex_t m; int n; };
static struct { struct part pump, valve; } engine = {
    { PTHREAD_MUTEX_INITIALIZER, 0 }, { PTHREAD_MUTEX_INITIALIZER, 0 } };

static struct part *pump_get(void)
{
    LOCK(&engine.pump);
    return &engine.pump;
}

static void part_put(struct part *p)
{
    UNLOCK(p);
}

void up(void)
{
    struct part *p = pump_get();
    LOCK(&engine.valve); // CHECK-DAG: lock_for_caller.c:[[@LINE]]:
    engine.valve.n = p->n;
    UNLOCK(&engine.valve);
    part_put(p);
}

void down(void)
{
    LOCK(&engine.valve);
    int n = engine.valve.n;
    struct part *p = pump_get(); // CHECK-DAG: lock_for_caller.c:[[@LINE]]:
    p->n = n;
    part_put(p);
    UNLOCK(&engine.valve);
}
