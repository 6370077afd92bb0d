// SPDX-License-Identifier: MIT
// A section that may be entered again is counted by each thread for itself: its outermost level locks and unlocks.
// RUN: %gordian check %s -- -std=gnu17
#include <pthread.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static __thread int level;
static int value;

static void enter(void)
{
    if (level++ == 0)
        pthread_mutex_lock(&m);
}

static void leave(void)
{
    if (--level == 0)
        pthread_mutex_unlock(&m);
}

static void add(int n)
{
    enter();
    value += n;
    leave();
}

void add_twice(int n)
{
    enter();
    add(n);
    add(n);
    leave();
}
