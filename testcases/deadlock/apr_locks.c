// SPDX-License-Identifier: MIT
// APR's mutex and reader-writer lock in both orders.
// RUN: %gordian check --rule data-race=off %s -- -std=gnu17 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK-DAG: [lock-order-inversion]
typedef int apr_status_t;
typedef struct apr_thread_mutex_t apr_thread_mutex_t;
typedef struct apr_thread_rwlock_t apr_thread_rwlock_t;
apr_status_t apr_thread_mutex_lock(apr_thread_mutex_t *);
apr_status_t apr_thread_mutex_trylock(apr_thread_mutex_t *);
apr_status_t apr_thread_mutex_unlock(apr_thread_mutex_t *);
apr_status_t apr_thread_rwlock_wrlock(apr_thread_rwlock_t *);
apr_status_t apr_thread_rwlock_unlock(apr_thread_rwlock_t *);

struct pool { apr_thread_mutex_t *m; apr_thread_rwlock_t *rw; int n; };

void grow(struct pool *p)
{
    apr_thread_mutex_lock(p->m);
    apr_thread_rwlock_wrlock(p->rw); // CHECK-DAG: apr_locks.c:[[@LINE]]:
    p->n++;
    apr_thread_rwlock_unlock(p->rw);
    apr_thread_mutex_unlock(p->m);
}

int shrink(struct pool *p)
{
    apr_thread_rwlock_wrlock(p->rw);
    apr_thread_mutex_lock(p->m); // CHECK-DAG: apr_locks.c:[[@LINE]]:
    p->n--;
    apr_thread_mutex_unlock(p->m);
    apr_thread_rwlock_unlock(p->rw);
    return 0;
}
