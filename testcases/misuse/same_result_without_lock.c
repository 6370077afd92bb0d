// SPDX-License-Identifier: MIT
// An early return keeps the lock that a wrapper took; another failure, which returns the same, gives it back.
// RUN: %gordian check --rule data-race=off %s -- -std=gnu17 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK: `start` returns with `m` held
// CHECK: 1 finding
#include <pthread.h>
#include <stdlib.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static char *names;
static int users;
int prepare(void);

static void enter(void)
{
    pthread_mutex_lock(&m);
}

static void leave(void)
{
    pthread_mutex_unlock(&m);
}

unsigned start(unsigned features)
{
    enter();
    if (users <= 0) {
        if (prepare()) {
            leave();
            return 0;
        }
        names = malloc(64);
        if (!names)
            return 0;
    }
    users++;
    leave();
    return features;
}

int main(void)
{
    return start(1) == 0;
}
