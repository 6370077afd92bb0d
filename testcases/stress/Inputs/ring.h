// SPDX-License-Identifier: MIT
// ring [LOCKS]
#include "stress.h"

static size_t count, turns;
static pthread_mutex_t *locks;

static void *neighbours(void *number)
{
    const size_t i = (size_t)number;
    size_t from = i, to = (i + 1) % count;
#ifndef INVERTED
    if (to == 0)
        from = 0, to = i;
#endif
    wait_for_turn(i);
    pthread_mutex_lock(&locks[from]);
    pthread_mutex_lock(&locks[to]);
    turns++;
    pthread_mutex_unlock(&locks[to]);
    pthread_mutex_unlock(&locks[from]);
    set_turn(i + 1);
    return NULL;
}

int main(int argc, char **argv)
{
    make_turns();
    count = size_argument(argc, argv, 1, 50);
    locks = new_locks(count);
    pthread_t *threads = calloc(count, sizeof *threads);
    for (size_t i = 0; threads && i < count; i++)
        threads[i] = new_thread(neighbours, (void *)i);
    for (size_t i = 0; threads && i < count; i++)
        pthread_join(threads[i], NULL);
    return turns != count;
}
