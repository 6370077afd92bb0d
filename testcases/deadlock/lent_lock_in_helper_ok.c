// SPDX-License-Identifier: MIT
// A function gives its caller's lock back before a helper takes another lock and then this one again.
// RUN: %gordian check --rule data-race=off %s -- -std=gnu17
#include <pthread.h>

struct part { pthread_mutex_t m; int n; };
struct whole { pthread_mutex_t m; int n; };

static void take_both(struct part *mine, struct whole *whole)
{
    pthread_mutex_lock(&whole->m);
    pthread_mutex_lock(&mine->m);
}

// Entered with mine->m held, and left with it held.
static void refresh(struct part *mine, struct whole *whole)
{
    pthread_mutex_unlock(&mine->m);
    take_both(mine, whole);
    mine->n = whole->n;
    pthread_mutex_unlock(&whole->m);
}

void on_reply(struct part *mine, struct whole *whole)
{
    pthread_mutex_lock(&mine->m);
    refresh(mine, whole);
    pthread_mutex_unlock(&mine->m);
}

void reload(struct part *mine, struct whole *whole)
{
    pthread_mutex_lock(&whole->m);
    pthread_mutex_lock(&mine->m);
    whole->n = mine->n;
    pthread_mutex_unlock(&mine->m);
    pthread_mutex_unlock(&whole->m);
}
