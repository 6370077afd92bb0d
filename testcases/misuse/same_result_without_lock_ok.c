// SPDX-License-Identifier: MIT
// Each early return gives back the lock that a wrapper took.
// RUN: %gordian check --rule data-race=off %s -- -std=gnu17 > %t.txt; test $? -eq 0
// RUN: %FileCheck %s < %t.txt
// CHECK: no findings
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
        if (!names) {
            leave();
            return 0;
        }
    }
    users++;
    leave();
    return features;
}

int main(void)
{
    return start(1) == 0;
}
