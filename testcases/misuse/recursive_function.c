// SPDX-License-Identifier: MIT
// A function calls itself under its plain mutex.
// RUN: %gordian check --rule data-race=off %s -- -std=gnu17 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK-DAG: [non-reentrant-reacquire]
#include <pthread.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static int n;
struct tree { struct tree *left, *right; };

void count(struct tree *t)
{
    pthread_mutex_lock(&m); // CHECK-DAG: recursive_function.c:[[@LINE]]:
    n++;
    if (t->left)
        count(t->left);
    if (t->right)
        count(t->right);
    pthread_mutex_unlock(&m);
}
