// SPDX-License-Identifier: MIT
// Where the key is found the node stays locked.
// RUN: %gordian check --rule data-race=off %s -- -std=gnu17 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK-DAG: [lock-leak]
#include <pthread.h>
#include <stddef.h>

struct node { pthread_mutex_t m; int key; struct node *next; };

int find(struct node *n, int key)
{
    pthread_mutex_lock(&n->m);
    for (;;) {
        struct node *next = n->next;
        if (n->key == key)
            return 1;
        if (next == NULL)
            break;
        pthread_mutex_lock(&next->m);
        pthread_mutex_unlock(&n->m);
        n = next;
    }
    pthread_mutex_unlock(&n->m);
    return 0;
}
