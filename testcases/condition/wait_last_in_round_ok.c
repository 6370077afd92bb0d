// SPDX-License-Identifier: MIT
// The thread sleeps at the end of a round, or tests again what it waited for: a wake-up without cause makes one
// more round.
// RUN: %gordian check %s --rule data-race=off -- -std=gnu17
#include <pthread.h>
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t work = PTHREAD_COND_INITIALIZER;
static int items[64], count, done;
static long sum;
static void *sleeper(void *unused)
{
    pthread_mutex_lock(&lock);
    while (!done) {
        if (count > 0)
            sum += items[--count];
        if (count == 0)
            pthread_cond_wait(&work, &lock);
    }
    pthread_mutex_unlock(&lock);
    return unused;
}
static void *looker(void *unused)
{
    while (1) {
        pthread_mutex_lock(&lock);
        if (count == 0)
            pthread_cond_wait(&work, &lock);
        if (count > 0)
            sum += items[--count];
        pthread_mutex_unlock(&lock);
    }
    return unused;
}
int main(void)
{
    pthread_t a, b;
    pthread_create(&a, 0, sleeper, 0);
    pthread_create(&b, 0, looker, 0);
    for (int i = 0; i < 64; i++) {
        pthread_mutex_lock(&lock);
        items[count++] = i;
        pthread_cond_signal(&work);
        pthread_mutex_unlock(&lock);
    }
    return 0;
}
