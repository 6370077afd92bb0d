// SPDX-License-Identifier: MIT
// Coroutines that lock: run_coroutines(a, b) has several of them take a, then b, in turn with deep frames that take
// locks of their own from the same lines.
#include "stress.h"

#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>

enum { kCoroutines = 8, kStack = 16384, kPage = 4096, kRounds = 200 };

static pthread_mutex_t left = PTHREAD_MUTEX_INITIALIZER, right = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t handler_lock = PTHREAD_MUTEX_INITIALIZER;
static __thread ucontext_t home, coroutine[kCoroutines];
static __thread pthread_mutex_t *outer, *inner, many[kCoroutines];
static __thread int current;

static __attribute__((noinline)) void take(pthread_mutex_t *lock)
{
    pthread_mutex_lock(lock);
    __asm__ volatile("");
}

/* Frames of different sizes: where the next return address is differs for each. */
static __attribute__((noinline)) void deep(int depth, pthread_mutex_t *lock)
{
    volatile char room[512];
    room[depth] = 0;
    if (depth > 0)
        deep(depth - 1, lock);
    else
        take(lock), pthread_mutex_unlock(lock);
    __asm__ volatile("" : : "r"(room) : "memory");
}

static void body(void)
{
    for (;;) {
        take(outer);
        take(inner);
        pthread_mutex_unlock(inner);
        pthread_mutex_unlock(outer);
        swapcontext(&coroutine[current], &home);
    }
}

static void on_signal(int number)
{
    (void)number;
    take(&handler_lock);
    pthread_mutex_unlock(&handler_lock);
}

static void run_coroutines(pthread_mutex_t *a, pthread_mutex_t *b)
{
    const size_t size = 2 * kPage + kStack;
    outer = a;
    inner = b;
    stack_t alternative = {.ss_sp = malloc(SIGSTKSZ), .ss_size = SIGSTKSZ};
    sigaltstack(&alternative, NULL);
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = on_signal;
    action.sa_flags = SA_ONSTACK;
    sigaction(SIGUSR1, &action, NULL);
    for (int i = 0; i < kCoroutines; i++) {
        /* Nothing may be read before or behind the stack. */
        char *memory = mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (memory == MAP_FAILED || mprotect(memory + kPage, kStack, PROT_READ | PROT_WRITE) != 0)
            exit(2);
        getcontext(&coroutine[i]);
        coroutine[i].uc_stack.ss_sp = memory + kPage;
        coroutine[i].uc_stack.ss_size = kStack;
        coroutine[i].uc_link = &home;
        makecontext(&coroutine[i], body, 0);
        pthread_mutex_init(&many[i], NULL);
    }
    for (int round = 0; round < kRounds; round++)
        for (current = 0; current < kCoroutines; current++) {
            swapcontext(&home, &coroutine[current]);
            deep(current * 20, &many[current]);
            if (current == 3)
                raise(SIGUSR1);
        }
}
