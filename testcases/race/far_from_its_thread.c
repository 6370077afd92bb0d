// SPDX-License-Identifier: MIT
// A thread counts in a function that it calls itself, beside main.
// RUN: %gordian check %s -- -std=gnu17 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK: warning: {{.*}} `commands`{{.*}}[data-race]
// CHECK: (1) thread 'helper'
// CHECK: called from count at
// CHECK: called from helper at
// CHECK: (2) main
// CHECK: called from main at
// CHECK: 1 finding
#include <pthread.h>

static int commands;

static void add(int c) { commands += c; }
static void count(int c) { add(c); }

static void *helper(void *line)
{
    count(1);
    return line;
}

static void count_here(void) { commands++; }

int main(void)
{
    pthread_t t;
    pthread_create(&t, NULL, helper, "x");
    count_here();
    pthread_join(t, NULL);
    return commands;
}
