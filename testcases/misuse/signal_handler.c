// SPDX-License-Identifier: MIT
// A signal handler takes the lock that it may interrupt the holder of.
// RUN: %gordian check --rule data-race=off %s -- -std=gnu17 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK-DAG: [non-reentrant-reacquire]
#include <pthread.h>
#include <signal.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static volatile sig_atomic_t flag;
static int n;

static void on_usr1(int signal)
{
    (void)signal;
    pthread_mutex_lock(&m); // CHECK-DAG: signal_handler.c:[[@LINE]]:
    flag = 1;
    pthread_mutex_unlock(&m);
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
