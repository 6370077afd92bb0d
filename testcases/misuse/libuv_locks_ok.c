// SPDX-License-Identifier: MIT
// uv_mutex_init_recursive makes a recursive mutex, and each way out gives it back.
// RUN: %gordian check --rule data-race=off %s -- -std=gnu17
typedef struct { void *p; } uv_rwlock_t, uv_mutex_t;
void uv_rwlock_rdlock(uv_rwlock_t *);
void uv_rwlock_rdunlock(uv_rwlock_t *);
int uv_mutex_init_recursive(uv_mutex_t *);
void uv_mutex_lock(uv_mutex_t *);
void uv_mutex_unlock(uv_mutex_t *);

static uv_rwlock_t lock;
static uv_mutex_t recursive;
static int table[8];

int setup(void)
{
    return uv_mutex_init_recursive(&recursive);
}

static void inner(void)
{
    uv_mutex_lock(&recursive);
    table[0]++;
    uv_mutex_unlock(&recursive);
}

void outer(void)
{
    uv_mutex_lock(&recursive);
    inner();
    uv_mutex_unlock(&recursive);
}

int get(int i)
{
    int v = -1;
    uv_rwlock_rdlock(&lock);
    if (i >= 0)
        v = table[i];
    uv_rwlock_rdunlock(&lock);
    return v;
}
