// SPDX-License-Identifier: MIT
// Each side takes a lock for the counter, but not the same one.
// RUN: %gordian check %s -- -std=gnu17 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
#include <pthread.h>
static pthread_mutex_t in_lock = PTHREAD_MUTEX_INITIALIZER, out_lock = PTHREAD_MUTEX_INITIALIZER;
static long pending;
static void *producer(void *unused)
{
    pthread_mutex_lock(&in_lock);
    pending++; // CHECK: `pending` is guarded by `in_lock` in `producer` but by `out_lock` in `consumer`
    pthread_mutex_unlock(&in_lock);
    return unused;
}
static void *consumer(void *unused)
{
    pthread_mutex_lock(&out_lock);
    pending--;
    pthread_mutex_unlock(&out_lock);
    return unused;
}
int main(void)
{
    pthread_t a, b;
    pthread_create(&a, 0, producer, 0);
    pthread_create(&b, 0, consumer, 0);
    pthread_join(a, 0);
    pthread_join(b, 0);
    return 0;
}
