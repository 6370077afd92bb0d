// SPDX-License-Identifier: MIT
// A table of operations leads to the second lock.
// RUN: %gordian check --rule data-race=off %s -- -std=gnu17 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK-DAG: [lock-order-inversion]
#include <pthread.h>

struct dev;
struct ops { int (*open)(struct dev *); };
struct dev { const struct ops *ops; int n; };

static pthread_mutex_t bus = PTHREAD_MUTEX_INITIALIZER, irq = PTHREAD_MUTEX_INITIALIZER;

int eth_open(struct dev *d)
{
    pthread_mutex_lock(&irq); // CHECK-DAG: operations_table.c:[[@LINE]]:
    d->n++;
    pthread_mutex_unlock(&irq);
    return 0;
}

static int raw_open(struct dev *d)
{
    return d->n++;
}

static const struct ops eth_ops = { .open = eth_open };

int dev_init(struct dev *d)
{
    d->ops = &eth_ops;
    return raw_open(d);
}

int dev_open(struct dev *d)
{
    pthread_mutex_lock(&bus);
    int rc = d->ops->open(d);
    pthread_mutex_unlock(&bus);
    return rc;
}

void dev_irq(struct dev *d)
{
    pthread_mutex_lock(&irq);
    pthread_mutex_lock(&bus); // CHECK-DAG: operations_table.c:[[@LINE]]:
    d->n = 0;
    pthread_mutex_unlock(&bus);
    pthread_mutex_unlock(&irq);
}
