// SPDX-License-Identifier: MIT
// A look-up returns its entry locked, or nothing. The entry's pointer is read once for the lock and once more
// for the result.
// RUN: %gordian check --rule data-race=off %s -- -std=gnu17 > %t.txt; test $? -eq 0
// RUN: %FileCheck %s < %t.txt
// CHECK: no findings
#include <pthread.h>
#include <stddef.h>

struct entry { struct entry *right; pthread_mutex_t lock; int uses, keys; };
struct node { struct node *left, *right; struct entry *key; int number; };
struct table { struct node *root; struct entry *first; pthread_mutex_t lock; };

static struct node *search(struct table *t, int number)
{
    struct node *n = t->root;
    while (n && n->number != number)
        n = number < n->number ? n->left : n->right;
    return n;
}

static struct entry *find(struct table *t, int number)
{
    struct node *n;
    pthread_mutex_lock(&t->lock);
    n = search(t, number);
    if (n)
        pthread_mutex_lock(&n->key->lock);
    pthread_mutex_unlock(&t->lock);
    if (!n)
        return NULL;
    return n->key;
}

int used(struct table *t, const int *numbers, int count)
{
    int sum = 0;
    struct entry *e;
    for (int i = 0; i < count; i++)
        if (t && (e = find(t, numbers[i]))) {
            if (e->keys && e->uses)
                sum++;
            pthread_mutex_unlock(&e->lock);
        }
    return sum;
}

void use_all(struct table *t)
{
    pthread_mutex_lock(&t->lock);
    for (struct entry *e = t->first; e; e = e->right) {
        pthread_mutex_lock(&e->lock);
        e->uses++;
        pthread_mutex_unlock(&e->lock);
    }
    pthread_mutex_unlock(&t->lock);
}
