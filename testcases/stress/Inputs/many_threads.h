// SPDX-License-Identifier: MIT
// many_threads [THREADS [AT ONCE]]
#include "stress.h"

static pthread_mutex_t left = PTHREAD_MUTEX_INITIALIZER, right = PTHREAD_MUTEX_INITIALIZER;
static size_t turns;

static void *forwards(void *unused)
{
    pthread_mutex_lock(&left);
    pthread_mutex_lock(&right);
    turns++;
    pthread_mutex_unlock(&right);
    pthread_mutex_unlock(&left);
    return unused;
}

#ifdef INVERTED
static void *backwards(void *unused)
{
    wait_for_turn(1);
    pthread_mutex_lock(&right);
    pthread_mutex_lock(&left);
    turns++;
    pthread_mutex_unlock(&left);
    pthread_mutex_unlock(&right);
    return unused;
}
#endif

int main(int argc, char **argv)
{
    make_turns();
    const size_t threads = size_argument(argc, argv, 1, 500), at_once = size_argument(argc, argv, 2, 20);
    pthread_t *running = calloc(at_once, sizeof *running);
#ifdef INVERTED
    pthread_t odd = new_thread(backwards, NULL); /* lives beside all others */
#endif
    for (size_t started = 0; running && started < threads; started += at_once) {
        for (size_t i = 0; i < at_once; i++)
            running[i] = new_thread(forwards, NULL);
        for (size_t i = 0; i < at_once; i++)
            pthread_join(running[i], NULL);
    }
#ifdef INVERTED
    set_turn(1);
    pthread_join(odd, NULL);
#endif
    return turns < threads;
}
