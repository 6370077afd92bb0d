// SPDX-License-Identifier: MIT
// A callee unlocks for its caller and does not lock again.
// RUN: %gordian check --rule data-race=off %s -- -std=gnu17 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK-DAG: [release-without-acquire]
#include <pthread.h>

struct queue { pthread_mutex_t m; int len; };
void slow(void);

static void work_unlocked(struct queue *q)
{
    pthread_mutex_unlock(&q->m);
    slow();
}

void run(struct queue *q)
{
    pthread_mutex_lock(&q->m);
    work_unlocked(q);
    pthread_mutex_unlock(&q->m); // CHECK-DAG: callee_gives_up_lock.c:[[@LINE]]:
}
