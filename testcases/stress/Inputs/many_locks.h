// SPDX-License-Identifier: MIT
// many_locks [LOCKS]
#include "stress.h"

static size_t count, turns;
static pthread_mutex_t *locks;
static pthread_mutex_t left = PTHREAD_MUTEX_INITIALIZER, right = PTHREAD_MUTEX_INITIALIZER;

static void pairs(void)
{
    for (size_t i = 0; i + 1 < count; i++) {
        pthread_mutex_lock(&locks[i]);
        pthread_mutex_lock(&locks[i + 1]);
        turns++;
        pthread_mutex_unlock(&locks[i + 1]);
        pthread_mutex_unlock(&locks[i]);
    }
}

static void *first(void *unused)
{
    pairs();
    pthread_mutex_lock(&left);
    pthread_mutex_lock(&right);
    turns++;
    pthread_mutex_unlock(&right);
    pthread_mutex_unlock(&left);
    set_turn(1);
    return unused;
}

static void *second(void *unused)
{
    wait_for_turn(1);
    pairs();
#ifdef INVERTED
    pthread_mutex_lock(&right);
    pthread_mutex_lock(&left);
    turns++;
    pthread_mutex_unlock(&left);
    pthread_mutex_unlock(&right);
#endif
    return unused;
}

int main(int argc, char **argv)
{
    make_turns();
    count = size_argument(argc, argv, 1, 20000);
    locks = new_locks(count);
    pthread_t a = new_thread(first, NULL), b = new_thread(second, NULL);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    return turns < 2 * (count - 1);
}
