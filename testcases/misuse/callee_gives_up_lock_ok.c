// SPDX-License-Identifier: MIT
// It locks again.
// RUN: %gordian check --rule data-race=off %s -- -std=gnu17
#include <pthread.h>

struct queue { pthread_mutex_t m; int len; };
void slow(void);

static void work_unlocked(struct queue *q)
{
    pthread_mutex_unlock(&q->m);
    slow();
    pthread_mutex_lock(&q->m);
}

void run(struct queue *q)
{
    pthread_mutex_lock(&q->m);
    work_unlocked(q);
    pthread_mutex_unlock(&q->m);
}
