// SPDX-License-Identifier: MIT
// It calls itself when the mutex is free.
// RUN: %gordian check --rule data-race=off %s -- -std=gnu17
#include <pthread.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static int n;
struct tree { struct tree *left, *right; };

void count(struct tree *t)
{
    pthread_mutex_lock(&m);
    n++;
    pthread_mutex_unlock(&m);
    if (t->left)
        count(t->left);
    if (t->right)
        count(t->right);
}
