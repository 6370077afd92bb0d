// SPDX-License-Identifier: MIT
// Two semaphores that start at one, taken in both orders.
// RUN: %gordian check --rule data-race=off %s -- -std=gnu17 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK-DAG: [lock-order-inversion]
#include <semaphore.h>

static sem_t left, right;
static int plates;

void setup(void)
{
    sem_init(&left, 0, 1);
    sem_init(&right, 0, 1);
}

void put(void)
{
    sem_wait(&left);
    sem_wait(&right); // CHECK-DAG: semaphores_as_locks.c:[[@LINE]]:
    plates++;
    sem_post(&right);
    sem_post(&left);
}

void take(void)
{
    sem_wait(&right);
    sem_wait(&left); // CHECK-DAG: semaphores_as_locks.c:[[@LINE]]:
    plates--;
    sem_post(&left);
    sem_post(&right);
}
