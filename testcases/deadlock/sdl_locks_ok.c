// SPDX-License-Identifier: MIT
// One order, and the mutex twice.
// RUN: %gordian check --rule data-race=off %s -- -std=gnu17
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
    SDL_LockRWLockForWriting(a->rw);
    a->n++;
    SDL_UnlockRWLock(a->rw);
    SDL_UnlockMutex(a->m);
    SDL_UnlockMutex(a->m);
}

void flush(struct audio *a)
{
    SDL_LockMutex(a->m);
    SDL_LockRWLockForWriting(a->rw);
    a->n = 0;
    SDL_UnlockRWLock(a->rw);
    SDL_UnlockMutex(a->m);
}
