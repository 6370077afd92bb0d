// SPDX-License-Identifier: MIT
// A callee gives its caller's lock back where a condition says so that is the caller's, too, but cannot be seen
// to be. That a path exists on which the lock is not held is doubtful: a warning, not an error.
// RUN: %gordian check --rule data-race=off --explain-ranking %s -- -std=gnu17 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK: warning: {{.*}} releases `the_response.lock`
// CHECK: a condition may tell when it is given back 0.60
#include <pthread.h>
#include <stddef.h>

struct response { pthread_mutex_t lock; int size; };

int is_filled_by_callback(const struct response *r);
int fill(struct response *r);

static int ready(struct response *r)
{
    int n = fill(r);
    if (n < 0) {
        if (is_filled_by_callback(r))
            pthread_mutex_unlock(&r->lock);
        return 0;
    }
    r->size += n;
    return 1;
}

static void handle(struct response *r)
{
    if (is_filled_by_callback(r))
        pthread_mutex_lock(&r->lock);
    if (!ready(r))
        return;
    if (is_filled_by_callback(r))
        pthread_mutex_unlock(&r->lock);
}

static struct response the_response = {PTHREAD_MUTEX_INITIALIZER, 0};

static void *run(void *arg)
{
    handle(&the_response);
    return arg;
}

int main(void)
{
    pthread_t t;
    pthread_create(&t, NULL, run, NULL);
    return pthread_join(t, NULL);
}
