// SPDX-License-Identifier: MIT
// held_at_once [LOCKS [ROUNDS]]
#include "stress.h"

static size_t count, rounds, turns;
static pthread_mutex_t *locks;

static void *all(void *unused)
{
    for (size_t r = 0; r < rounds; r++) {
        for (size_t i = 0; i < count; i++)
            pthread_mutex_lock(&locks[i]);
        turns++;
        for (size_t i = count; i-- > 0;)
            pthread_mutex_unlock(&locks[i]);
    }
    set_turn(1);
    return unused;
}

static void *two(void *unused)
{
    wait_for_turn(1);
#ifdef INVERTED
    size_t from = count - 1, to = 0;
#else
    size_t from = 0, to = count - 1;
#endif
    pthread_mutex_lock(&locks[from]);
    pthread_mutex_lock(&locks[to]);
    turns++;
    pthread_mutex_unlock(&locks[to]);
    pthread_mutex_unlock(&locks[from]);
    return unused;
}

int main(int argc, char **argv)
{
    make_turns();
    count = size_argument(argc, argv, 1, 300);
    rounds = size_argument(argc, argv, 2, 10);
    locks = new_locks(count);
    pthread_t a = new_thread(all, NULL), b = new_thread(two, NULL);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    return turns != rounds + 1;
}
