// SPDX-License-Identifier: MIT
// A GRecMutex may be.
// RUN: %gordian check --rule data-race=off %s -- -std=gnu17
typedef struct { void *p; } GRecMutex;
void g_rec_mutex_lock(GRecMutex *);
void g_rec_mutex_unlock(GRecMutex *);
#define LOCK g_rec_mutex_lock
#define UNLOCK g_rec_mutex_unlock
static GRecMutex m;
static int n;

static void bump(void)
{
    LOCK(&m);
    n++;
    UNLOCK(&m);
}

void twice(void)
{
    LOCK(&m);
    bump();
    UNLOCK(&m);
}
