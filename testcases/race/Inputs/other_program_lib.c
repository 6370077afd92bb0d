// SPDX-License-Identifier: MIT
#include <pthread.h>
#include <unistd.h>
void start_loop(void (*callback)(void));
static void (*on_tick)(void);
static void *loop(void *unused)
{
    for (int i = 0; i < 100; i++) {
        on_tick();
        sleep(1);
    }
    return unused;
}
void start_loop(void (*callback)(void))
{
    pthread_t t;
    if (!on_tick)
        on_tick = callback;
    pthread_create(&t, 0, loop, 0);
    pthread_detach(t);
}
