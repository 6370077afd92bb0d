// SPDX-License-Identifier: MIT
// What an init function, its helper and the destroy function do to the object happens before and after it is
// shared.
// RUN: %gordian check %s -- -std=gnu17
#include <pthread.h>
struct queue {
    pthread_mutex_t lock;
    int head, tail, items[16];
};
static void reset(struct queue *q)
{
    q->head = 0;
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
    pthread_mutex_lock(&q->lock);
    reset(q);
    pthread_mutex_unlock(&q->lock);
}
void queue_destroy(struct queue *q)
{
    q->head = q->tail = 0;
    pthread_mutex_destroy(&q->lock);
}
