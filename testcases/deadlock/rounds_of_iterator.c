// SPDX-License-Identifier: MIT
// One loop takes what an iterator gives, one after the other: mostly the order of a list, so a warning.
// RUN: %gordian check --rule data-race=off --rule lock-leak=off --explain-ranking %s -- -std=gnu17 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK: warning: two instances of `client::m` are acquired in opposite orders
// CHECK: a loop takes one after the other, perhaps always in the same order 0.70
#include <pthread.h>
#include <stddef.h>

struct client { pthread_mutex_t m; struct client *next; int width; };
struct iterator { struct client *at; };
static struct client *clients;

static struct client *next_client(struct iterator *i)
{
    i->at = i->at ? i->at->next : clients;
    return i->at;
}

void resize(int width)
{
    struct iterator i = { NULL };
    struct client *c;
    while ((c = next_client(&i)) != NULL)
        pthread_mutex_lock(&c->m);
    i.at = NULL;
    while ((c = next_client(&i)) != NULL) {
        c->width = width;
        pthread_mutex_unlock(&c->m);
    }
}
