// SPDX-License-Identifier: MIT
// A helper that main calls before it starts threads is called once more by a thread, without the lock.
// RUN: %gordian check %s -- -std=gnu17 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
#include <pthread.h>
static pthread_mutex_t pool_lock = PTHREAD_MUTEX_INITIALIZER;
static long pool_used, pool_size;
static void *take(long n)
{
    pool_used += n; // CHECK: before_threads.c:[[#@LINE]]:{{.*}}pool_used
    return pool_used > pool_size ? 0 : &pool_used;
}
static void *worker(void *arg)
{
    pthread_mutex_lock(&pool_lock);
    arg = take(16);
    pthread_mutex_unlock(&pool_lock);
    return take(8) ? arg : 0;
}
int main(void)
{
    pthread_t a, b;
    pool_size = 4096;
    take(64);
    pthread_create(&a, 0, worker, 0);
    pthread_create(&b, 0, worker, 0);
    pthread_join(a, 0);
    pthread_join(b, 0);
    return 0;
}
