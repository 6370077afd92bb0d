// SPDX-License-Identifier: MIT
// The thread sleeps where there is nothing to do and then takes an item without another look.
// RUN: %gordian check %s -- -std=gnu17 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
#include <pthread.h>
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t work = PTHREAD_COND_INITIALIZER;
static int items[64], count, done;
static void *worker(void *unused)
{
    long sum = 0;
    while (!done) {
        pthread_mutex_lock(&lock);
        if (count == 0)
            pthread_cond_wait(&work, &lock); // CHECK: wait_last_in_round.c:[[#@LINE]]:{{.*}}outside a loop
        sum += items[--count];
        pthread_mutex_unlock(&lock);
    }
    return sum ? unused : 0;
}
int main(void)
{
    pthread_t t;
    pthread_create(&t, 0, worker, 0);
    for (int i = 0; i < 64; i++) {
        pthread_mutex_lock(&lock);
        items[count++] = i;
        pthread_cond_signal(&work);
        pthread_mutex_unlock(&lock);
    }
    pthread_join(t, 0);
    return 0;
}
