// SPDX-License-Identifier: MIT
// Coroutines on small stacks between pages that may not be touched, in two threads, beside calls from deep frames; a
// signal handler on a stack of its own locks as well. All take their pair in one order.
// RUN: %cc -D_GNU_SOURCE %s -o %t
// RUN: timeout 60 %run -- %t > %t.out 2>&1; test $? -eq 0
// RUN: %FileCheck %s < %t.out
// CHECK: no findings
#include "Inputs/coroutines.h"

static void *first(void *unused)
{
    run_coroutines(&left, &right);
    set_turn(1);
    return unused;
}

static void *second(void *unused)
{
    wait_for_turn(1);
    run_coroutines(&left, &right);
    return unused;
}

int main(void)
{
    make_turns();
    pthread_t a = new_thread(first, NULL), b = new_thread(second, NULL);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    return 0;
}
