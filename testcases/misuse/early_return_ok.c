// SPDX-License-Identifier: MIT
// The path that keeps the lock aborts.
// RUN: %gordian check --rule data-race=off %s -- -std=gnu17
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
static void die(const char *s) { fprintf(stderr, "%s\n", s); exit(2); }
static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static int n;
int f(int v)
{
    pthread_mutex_lock(&m);
    if (v < 0)
        die("negative");
    if (v > 100)
        abort();
    n = v;
    pthread_mutex_unlock(&m);
    return 0;
}
