// SPDX-License-Identifier: MIT
// Semaphores that count items are no locks.
// RUN: %gordian check --rule data-race=off %s -- -std=gnu17
#include <semaphore.h>

static sem_t left, right;
static int plates;

void setup(void)
{
    sem_init(&left, 0, 0);
    sem_init(&right, 0, 1);
}

void put(void)
{
    sem_wait(&right);
    plates++;
    sem_post(&left);
}

void take(void)
{
    sem_wait(&left);
    plates--;
    sem_post(&right);
}
