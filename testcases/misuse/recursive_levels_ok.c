// SPDX-License-Identifier: MIT
// A recursive mutex is taken three times, by lock and by trylock, and released as often, with a plain one in between.
// RUN: %cc -D_GNU_SOURCE %s -o %t
// RUN: timeout 20 %run -- %t > %t.out 2>&1; test $? -eq 0
// RUN: %FileCheck %s < %t.out
// CHECK: no findings
#include <pthread.h>

static pthread_mutex_t outer = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP, inner = PTHREAD_MUTEX_INITIALIZER;
static int turns;

static void *levels(void *unused)
{
    pthread_mutex_lock(&outer);
    pthread_mutex_lock(&outer);
    pthread_mutex_lock(&inner);
    if (pthread_mutex_trylock(&outer) == 0)
        pthread_mutex_unlock(&outer);
    turns++;
    pthread_mutex_unlock(&inner);
    pthread_mutex_trylock(&outer);
    pthread_mutex_unlock(&outer);
    pthread_mutex_unlock(&outer);
    pthread_mutex_unlock(&outer);
    return unused;
}

int main(void)
{
    pthread_t thread;
    for (int i = 0; i < 3; i++) {
        pthread_create(&thread, NULL, levels, NULL);
        pthread_join(thread, NULL);
        if (pthread_mutex_trylock(&outer) != 0)
            break;
        pthread_mutex_unlock(&outer);
    }
    return 0;
}
