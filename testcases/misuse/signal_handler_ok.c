// SPDX-License-Identifier: MIT
// The handler sets a flag.
// RUN: %gordian check --rule data-race=off %s -- -std=gnu17
#include <pthread.h>
#include <signal.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static volatile sig_atomic_t flag;
static int n;

static void on_usr1(int signal)
{
    (void)signal;
    flag = 1;
}

int main(void)
{
    struct sigaction action = {.sa_handler = on_usr1};
    sigaction(SIGUSR1, &action, 0);
    signal(SIGPIPE, SIG_IGN);
    while (!flag) {
        pthread_mutex_lock(&m);
        n++;
        pthread_mutex_unlock(&m);
    }
    return 0;
}
