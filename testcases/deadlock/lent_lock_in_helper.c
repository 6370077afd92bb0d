// SPDX-License-Identifier: MIT
// A function takes another lock before it gives its caller's back.
// RUN: %gordian check --rule data-race=off %s -- -std=gnu17 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK: [lock-order-inversion]
// CHECK: 1 finding
#include <pthread.h>

struct part { pthread_mutex_t m; int n; };
struct whole { pthread_mutex_t m; int n; };

// Entered with mine->m held, and left with it held.
static void refresh(struct part *mine, struct whole *whole)
{
    pthread_mutex_lock(&whole->m);
    mine->n = whole->n;
    pthread_mutex_unlock(&whole->m);
    pthread_mutex_unlock(&mine->m);
    pthread_mutex_lock(&mine->m);
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
