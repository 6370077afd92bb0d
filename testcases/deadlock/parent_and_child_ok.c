// SPDX-License-Identifier: MIT
// The way up lets go first.
// RUN: %gordian check --rule data-race=off %s -- -std=gnu17
#include <pthread.h>
#include <stddef.h>

struct node { pthread_mutex_t m; struct node *parent, *child; int v; };

void down(struct node *n)
{
    pthread_mutex_lock(&n->m);
    if (n->child != NULL) {
        pthread_mutex_lock(&n->child->m);
        n->child->v++;
        pthread_mutex_unlock(&n->child->m);
    }
    pthread_mutex_unlock(&n->m);
}

void up(struct node *n)
{
    pthread_mutex_lock(&n->m);
    struct node *p = n->parent;
    pthread_mutex_unlock(&n->m);
    if (p != NULL) {
        pthread_mutex_lock(&p->m);
        p->v++;
        pthread_mutex_unlock(&p->m);
    }
}
