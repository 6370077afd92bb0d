// SPDX-License-Identifier: MIT
// A look-up returns its entry locked, or nothing; a caller keeps it where it is in use.
// RUN: %gordian check --rule data-race=off %s -- -std=gnu17 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
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

int is_used(struct table *t, int number)
{
    // CHECK: locked_result_read_again.c:[[@LINE+1]]:{{.*}} warning: `is_used` returns with `entry::lock` held
    struct entry *e = find(t, number);
    if (!e)
        return 0;
    if (e->keys && e->uses)
        return 1;
    pthread_mutex_unlock(&e->lock);
    return 0;
}
// CHECK: 1 finding
