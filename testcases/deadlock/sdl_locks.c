// SPDX-License-Identifier: MIT
// SDL's mutex (recursive) and reader-writer lock in both orders.
// RUN: %gordian check --rule data-race=off %s -- -std=gnu17 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK-DAG: [lock-order-inversion]
typedef struct SDL_mutex SDL_mutex;
typedef struct SDL_RWLock SDL_RWLock;
int SDL_LockMutex(SDL_mutex *);
int SDL_UnlockMutex(SDL_mutex *);
int SDL_LockRWLockForWriting(SDL_RWLock *);
int SDL_UnlockRWLock(SDL_RWLock *);

struct audio { SDL_mutex *m; SDL_RWLock *rw; int n; };

void mix(struct audio *a)
{
    SDL_LockMutex(a->m);
    SDL_LockMutex(a->m);
    SDL_LockRWLockForWriting(a->rw); // CHECK-DAG: sdl_locks.c:[[@LINE]]:
    a->n++;
    SDL_UnlockRWLock(a->rw);
    SDL_UnlockMutex(a->m);
    SDL_UnlockMutex(a->m);
}

void flush(struct audio *a)
{
    SDL_LockRWLockForWriting(a->rw);
    SDL_LockMutex(a->m); // CHECK-DAG: sdl_locks.c:[[@LINE]]:
    a->n = 0;
    SDL_UnlockMutex(a->m);
    SDL_UnlockRWLock(a->rw);
}
