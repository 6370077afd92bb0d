// SPDX-License-Identifier: MIT
// A function that is called by its name gives back what its caller never took.
// RUN: %gordian check %s -- -std=gnu17 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK: [release-without-acquire]
#include <pthread.h>

static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;

static void open_gate(void) { pthread_mutex_unlock(&gate); }

int main(void)
{
    open_gate();
    pthread_mutex_lock(&gate);
    pthread_mutex_unlock(&gate);
    return 0;
}
