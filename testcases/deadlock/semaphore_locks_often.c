// SPDX-License-Identifier: MIT
// Two semaphores are used as locks, many times and once in the other order.
// RUN: %cc %s -o %t
// RUN: timeout 20 %run -- %t > %t.out 2>&1; test $? -eq 66
// RUN: %FileCheck %s < %t.out
// CHECK: [lock-order-inversion]
#include <pthread.h>
#include <semaphore.h>

static sem_t first, second;
static int turns;
static _Atomic int memory;
_Atomic int *done = &memory; /* keeps the threads apart in this run, and is no order that anybody could see */

static void *forwards(void *unused)
{
    for (int i = 0; i < 100; i++) {
        sem_wait(&first);
        if (sem_trywait(&second) == 0) {
            turns++;
            sem_post(&second);
        }
        sem_wait(&second);
        turns++;
        sem_post(&second);
        sem_post(&first);
    }
    *done = 1;
    return unused;
}

static void *once(void *unused)
{
    while (!*done) {
    }
    sem_wait(&second);
    sem_wait(&first);
    turns++;
    sem_post(&first);
    sem_post(&second);
    return unused;
}

int main(void)
{
    pthread_t a, b;
    sem_init(&first, 0, 1);
    sem_init(&second, 0, 1);
    pthread_create(&a, NULL, forwards, NULL);
    pthread_create(&b, NULL, once, NULL);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    return 0;
}
