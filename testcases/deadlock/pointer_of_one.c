// SPDX-License-Identifier: MIT
// The second lock is asked for behind a function pointer that can mean one function only.
// RUN: %gordian check --rule data-race=off --explain-ranking %s -- -std=gnu17 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK: error: `log_lock` and `queue_lock` are acquired in opposite orders
// CHECK: 1 finding
#include <pthread.h>

struct job { void (*run)(struct job *); int n; };

static pthread_mutex_t queue_lock = PTHREAD_MUTEX_INITIALIZER, log_lock = PTHREAD_MUTEX_INITIALIZER;
static struct job jobs[2];

static void note(struct job *j)
{
    pthread_mutex_lock(&log_lock);
    j->n--;
    pthread_mutex_unlock(&log_lock);
}

static void *work(void *arg)
{
    pthread_mutex_lock(&queue_lock);
    jobs[1].run(&jobs[1]);
    pthread_mutex_unlock(&queue_lock);
    return arg;
}

static void *rotate(void *arg)
{
    pthread_mutex_lock(&log_lock);
    pthread_mutex_lock(&queue_lock);
    jobs[0].n = 0;
    pthread_mutex_unlock(&queue_lock);
    pthread_mutex_unlock(&log_lock);
    return arg;
}

int main(void)
{
    pthread_t t[2];
    jobs[0].run = note;
    jobs[1].run = note;
    pthread_create(&t[0], NULL, work, NULL);
    pthread_create(&t[1], NULL, rotate, NULL);
    pthread_join(t[0], NULL);
    pthread_join(t[1], NULL);
    return 0;
}
