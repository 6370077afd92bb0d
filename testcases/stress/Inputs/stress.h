// SPDX-License-Identifier: MIT
// What the stress programs share. Sizes come as arguments: small ones in the tests, full ones by bench/stress.py.
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* The n-th argument, or what the test asks for. */
static inline size_t size_argument(int argc, char **argv, int n, size_t usual)
{
    return argc > n ? strtoul(argv[n], NULL, 10) : usual;
}

static inline pthread_mutex_t *new_locks(size_t count)
{
    pthread_mutex_t *locks = calloc(count, sizeof *locks);
    if (!locks)
        exit(2);
    for (size_t i = 0; i < count; i++)
        pthread_mutex_init(&locks[i], NULL);
    return locks;
}

/* Threads are kept apart by the size of a file, which no hook sees: what they do is compared, and nothing hangs. */
static int turn_file = -1;

static inline void make_turns(void)
{
    turn_file = memfd_create("turn", 0);
    if (turn_file < 0)
        exit(2);
}

static inline void set_turn(size_t next)
{
    if (ftruncate(turn_file, (off_t)next) != 0)
        exit(2);
}

static inline void wait_for_turn(size_t mine)
{
    struct stat now;
    while (fstat(turn_file, &now) == 0 && (size_t)now.st_size != mine)
        usleep(100);
}

static inline pthread_t new_thread(void *(*routine)(void *), void *argument)
{
    pthread_t thread;
    if (pthread_create(&thread, NULL, routine, argument) != 0)
        exit(2);
    return thread;
}
