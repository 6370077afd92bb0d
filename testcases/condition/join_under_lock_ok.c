// SPDX-License-Identifier: MIT
// Main reads the result after the join and writes before the create.
// RUN: %gordian check --rule data-race=off %s -- -std=gnu17
#include <pthread.h>
#include <stdio.h>
static long sum, limit;
static void *work(void *p) { for (long i = 0; i < limit; i++) sum += i; return p; }
int main(void)
{
    pthread_t t;
    limit = 1000;
    if (pthread_create(&t, 0, work, 0) != 0)
        return 1;
    pthread_join(t, 0);
    printf("%ld\n", sum);
    sum = 0;
    return 0;
}
