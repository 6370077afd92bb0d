// SPDX-License-Identifier: MIT
// The hook takes the lock again although nothing gave it back.
// RUN: %gordian check %s -- -std=gnu17 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
#include <pthread.h>
#include <unistd.h>
static pthread_mutex_t big = PTHREAD_MUTEX_INITIALIZER;
static void after(void)
{
    pthread_mutex_lock(&big);
}
static void doze(void)
{
    sleep(1);
    after();
}
int main(void)
{
    pthread_mutex_lock(&big);
    doze(); // CHECK: hooks_around_sleep.c:[[#@LINE]]:{{.*}}acquires `big`, which its thread already holds
    pthread_mutex_unlock(&big);
    return 0;
}
