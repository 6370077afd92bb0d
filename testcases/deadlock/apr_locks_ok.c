// SPDX-License-Identifier: MIT
// The second is only tried.
// RUN: %gordian check --rule data-race=off %s -- -std=gnu17
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
    apr_thread_rwlock_wrlock(p->rw);
    p->n++;
    apr_thread_rwlock_unlock(p->rw);
    apr_thread_mutex_unlock(p->m);
}

int shrink(struct pool *p)
{
    apr_thread_rwlock_wrlock(p->rw);
    if (apr_thread_mutex_trylock(p->m) != 0) {
        apr_thread_rwlock_unlock(p->rw);
        return -1;
    }
    p->n--;
    apr_thread_mutex_unlock(p->m);
    apr_thread_rwlock_unlock(p->rw);
    return 0;
}
