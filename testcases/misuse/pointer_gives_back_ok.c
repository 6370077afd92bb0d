// SPDX-License-Identifier: MIT
// A loop that calls whatever was set as its hooks: whoever set them holds the lock that they pass on.
// RUN: %gordian check %s -- -std=gnu17 | %FileCheck %s --allow-empty
// CHECK-NOT: release-without-acquire
// CHECK-NOT: non-reentrant-reacquire
#include <pthread.h>

struct loop { void (*before)(struct loop *); void (*after)(struct loop *); int stop; };
static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;

static void before(struct loop *l) { (void)l; pthread_mutex_unlock(&gate); }
static void after(struct loop *l) { (void)l; pthread_mutex_lock(&gate); }

static void turn(struct loop *l, int flags)
{
    if (l->before && (flags & 1)) l->before(l);
    if (l->after && (flags & 2)) l->after(l);
}

static void run(struct loop *l)
{
    while (!l->stop) turn(l, 3);
}

// Called by the plug-in, which holds the gate from then on.
void hook(struct loop *l)
{
    l->before = before;
    l->after = after;
}
void plug_in(struct loop *l);

int main(void)
{
    struct loop l = {0};
    plug_in(&l);
    run(&l);
    return 0;
}
