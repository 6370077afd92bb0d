// SPDX-License-Identifier: MIT
// More ways out than are kept apart: the failures, which give the lock back, stay negative; one caller does so again.
// RUN: %gordian check --rule data-race=off %s -- -std=gnu17 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK: error: `on_packet` releases `session::m` a second time
#include <pthread.h>

struct session { pthread_mutex_t m; int n, state; };
int step(struct session *, int);
void deliver(struct session *);

static void end(struct session *s)
{
    s->state = 0;
    pthread_mutex_unlock(&s->m);
}

static int load(struct session *s)
{
    if (step(s, 1)) { end(s); return -1; }
    if (step(s, 2)) { end(s); return -2; }
    if (step(s, 3)) { end(s); return -3; }
    if (step(s, 4)) { end(s); return -4; }
    if (step(s, 5)) { end(s); return -5; }
    if (step(s, 6)) { end(s); return -6; }
    if (step(s, 7)) { end(s); return -7; }
    if (step(s, 8)) { end(s); return -8; }
    if (step(s, 9)) { end(s); return -9; }
    if (step(s, 10)) { end(s); return -10; }
    return 0;
}

void on_packet(struct session *s)
{
    pthread_mutex_lock(&s->m);
    if (load(s) < 0) {
        pthread_mutex_unlock(&s->m);
        return;
    }
    pthread_mutex_unlock(&s->m);
}
