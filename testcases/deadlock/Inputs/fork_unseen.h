// SPDX-License-Identifier: MIT
// Two locks in both orders, by threads that are kept apart by what no hook sees.
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static pthread_mutex_t left = PTHREAD_MUTEX_INITIALIZER, right = PTHREAD_MUTEX_INITIALIZER;
static int turns;
static _Atomic int done;

static void *forwards(void *unused)
{
    pthread_mutex_lock(&left);
    pthread_mutex_lock(&right);
    turns++;
    pthread_mutex_unlock(&right);
    pthread_mutex_unlock(&left);
    done++;
    return unused;
}

static void *backwards(void *unused)
{
    pthread_mutex_lock(&right);
    pthread_mutex_lock(&left);
    turns++;
    pthread_mutex_unlock(&left);
    pthread_mutex_unlock(&right);
    done++;
    return unused;
}

static void in_thread(void *(*routine)(void *))
{
    pthread_t thread;
    int before = done;
    pthread_create(&thread, NULL, routine, NULL);
    pthread_detach(thread);
    while (done == before)
        sched_yield();
}

static int wait_for_child(void)
{
    int status = 0;
    while (wait(&status) > 0) {
    }
    return status != 0;
}
