// SPDX-License-Identifier: MIT
// The way behind an error goes on with the lock that a wrapper has taken, and gives it back.
// RUN: %gordian check --rule data-race=off %s -- -std=gnu17 > %t.txt; test $? -eq 0
// RUN: %FileCheck %s < %t.txt
// CHECK: no findings
#include <pthread.h>

struct endpoint { pthread_mutex_t m; int closed, n; };
void die(const char *);
int result_of(struct endpoint *);

static void enter(pthread_mutex_t *m)
{
    if (pthread_mutex_lock(m) != 0)
        die("lock");
}

static void leave(pthread_mutex_t *m)
{
    if (pthread_mutex_unlock(m) != 0)
        die("unlock");
}

void on_dialed(struct endpoint *e)
{
    enter(&e->m);
    if (result_of(e))
        goto error;
    e->n++;
    leave(&e->m);
    return;
error:
    e->closed = 1;
    leave(&e->m);
}
