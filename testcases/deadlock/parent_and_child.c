// SPDX-License-Identifier: MIT
// Down to the child in one place, up to the parent in another.
// RUN: %gordian check --rule data-race=off %s -- -std=gnu17 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK-DAG: [lock-order-inversion]
#include <pthread.h>
#include <stddef.h>

struct node { pthread_mutex_t m; struct node *parent, *child; int v; };

void down(struct node *n)
{
    pthread_mutex_lock(&n->m);
    if (n->child != NULL) {
        pthread_mutex_lock(&n->child->m); // CHECK-DAG: parent_and_child.c:[[@LINE]]:
        n->child->v++;
        pthread_mutex_unlock(&n->child->m);
    }
    pthread_mutex_unlock(&n->m);
}

void up(struct node *n)
{
    pthread_mutex_lock(&n->m);
    struct node *p = n->parent;
    if (p != NULL) {
        pthread_mutex_lock(&p->m); // CHECK-DAG: parent_and_child.c:[[@LINE]]:
        p->v++;
        pthread_mutex_unlock(&p->m);
    }
    pthread_mutex_unlock(&n->m);
}
