// SPDX-License-Identifier: MIT
// A thread is cancelled on its way into a wait and joined: it will not wait for ever, though all threads are blocked for
// a moment.
// RUN: %cc -D_GNU_SOURCE %s -o %t
// RUN: timeout 60 %run -- %t > %t.out 2>&1; test $? -eq 0
// RUN: %FileCheck %s < %t.out
// CHECK: no findings
#include <pthread.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t never = PTHREAD_COND_INITIALIZER;

static void give_back(void *lock)
{
    pthread_mutex_unlock(lock);
}

static void *waiter(void *unused)
{
    pthread_mutex_lock(&mutex);
    pthread_cleanup_push(give_back, &mutex);
    for (;;)
        pthread_cond_wait(&never, &mutex);
    pthread_cleanup_pop(1);
    return unused;
}

int main(void)
{
    for (int i = 0; i < 100; i++) {
        pthread_t thread;
        pthread_create(&thread, NULL, waiter, NULL);
        pthread_cancel(thread);
        pthread_join(thread, NULL);
    }
    return 0;
}
