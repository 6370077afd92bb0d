// SPDX-License-Identifier: MIT
// Each side holds a lock of its own business while it handles items that it got from a queue: neither lock is
// there for the items.
// RUN: %gordian check %s -- -std=gnu17
#include <pthread.h>
#include <stdlib.h>
struct item {
    struct item *next;
    int hits;
};
static pthread_mutex_t reader_busy = PTHREAD_MUTEX_INITIALIZER, writer_busy = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t queue_lock = PTHREAD_MUTEX_INITIALIZER;
static struct item *queue;
static struct item *pop(void)
{
    pthread_mutex_lock(&queue_lock);
    struct item *it = queue;
    if (it)
        queue = it->next;
    pthread_mutex_unlock(&queue_lock);
    return it;
}
static void push(struct item *it)
{
    pthread_mutex_lock(&queue_lock);
    it->next = queue;
    queue = it;
    pthread_mutex_unlock(&queue_lock);
}
static void note(struct item *it)
{
    it->hits++;
}
static void prepare(struct item *it)
{
    note(it);
}
static void *reader(void *unused)
{
    pthread_mutex_lock(&reader_busy);
    for (struct item *it; (it = pop());) {
        note(it);
        free(it);
    }
    pthread_mutex_unlock(&reader_busy);
    return unused;
}
static void *writer(void *unused)
{
    pthread_mutex_lock(&writer_busy);
    for (int i = 0; i < 100; i++) {
        struct item *it = calloc(1, sizeof *it);
        prepare(it);
        push(it);
    }
    pthread_mutex_unlock(&writer_busy);
    return unused;
}
int main(void)
{
    pthread_t a, b;
    pthread_create(&a, 0, reader, 0);
    pthread_create(&b, 0, writer, 0);
    pthread_join(a, 0);
    pthread_join(b, 0);
    return 0;
}
