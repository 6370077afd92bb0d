// SPDX-License-Identifier: MIT
// A helper that the init function calls on a new object is called once more, on one that is shared.
// RUN: %gordian check %s -- -std=gnu17 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
#include <pthread.h>
struct queue {
    pthread_mutex_t lock;
    int head, tail, items[16];
};
static void reset(struct queue *q)
{
    q->head = 0; // CHECK: before_publication.c:[[#@LINE]]:{{.*}}`reset` writes `queue::head` without `queue::lock`
    q->tail = 0;
}
void queue_init(struct queue *q)
{
    pthread_mutex_init(&q->lock, 0);
    reset(q);
}
void queue_put(struct queue *q, int item)
{
    pthread_mutex_lock(&q->lock);
    q->items[q->tail++ & 15] = item;
    pthread_mutex_unlock(&q->lock);
}
int queue_get(struct queue *q)
{
    int item = -1;
    pthread_mutex_lock(&q->lock);
    if (q->head != q->tail)
        item = q->items[q->head++ & 15];
    pthread_mutex_unlock(&q->lock);
    return item;
}
void queue_clear(struct queue *q)
{
    reset(q);
}
void queue_destroy(struct queue *q)
{
    q->head = q->tail = 0;
    pthread_mutex_destroy(&q->lock);
}
