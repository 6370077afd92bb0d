// SPDX-License-Identifier: MIT
// Hooks give the lock back before the sleep and take it again behind it, both or none: a state of the loop says
// which.
// RUN: %gordian check %s -- -std=gnu17
#include <pthread.h>
#include <unistd.h>
static pthread_mutex_t big = PTHREAD_MUTEX_INITIALIZER;
static int modules, nested;
static int loaded(void);
static void before(void)
{
    if (nested)
        return;
    if (loaded())
        pthread_mutex_unlock(&big);
}
static void after(void)
{
    if (!nested && loaded())
        pthread_mutex_lock(&big);
}
static void (*first)(void) = before;
static int loaded(void)
{
    return modules > 0;
}
static void doze(int flags)
{
    if (first && flags & 1)
        first();
    sleep(1);
    if (flags & 1)
        after();
}
static void load(void)
{
    nested++;
    for (int i = 0; i < 4; i++)
        doze(1);
    nested--;
}
int main(int argc, char **argv)
{
    (void)argv;
    modules = argc - 1;
    pthread_mutex_lock(&big);
    load();
    for (int i = 0; i < 4; i++)
        doze(1);
    pthread_mutex_unlock(&big);
    return 0;
}
