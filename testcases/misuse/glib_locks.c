// SPDX-License-Identifier: MIT
// A GMutex is taken twice.
// RUN: %gordian check --rule data-race=off %s -- -std=gnu17 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK-DAG: [non-reentrant-reacquire]
typedef struct { void *p; } GMutex;
void g_mutex_lock(GMutex *);
void g_mutex_unlock(GMutex *);
#define LOCK g_mutex_lock
#define UNLOCK g_mutex_unlock
static GMutex m;
static int n;

static void bump(void)
{
    LOCK(&m); // CHECK-DAG: glib_locks.c:[[@LINE]]:
    n++;
    UNLOCK(&m);
}

void twice(void)
{
    LOCK(&m); // CHECK-DAG: glib_locks.c:[[@LINE]]:
    bump();
    UNLOCK(&m);
}
