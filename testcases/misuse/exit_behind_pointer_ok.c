// SPDX-License-Identifier: MIT
// One of the functions that a pointer may mean ends the thread: that it is called just here is not known.
// RUN: %gordian check --rule data-race=off %s -- -std=gnu17
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int total;

static void to_file(const char *text)
{
    fputs(text, stderr);
}

// A test's log: what is not expected ends the thread.
static void strict(const char *text)
{
    if (text[0] == 'e')
        pthread_exit(0);
}

static void (*log_to)(const char *) = to_file;

void make_strict(void)
{
    log_to = strict;
}

void add(int n)
{
    pthread_mutex_lock(&lock);
    total += n;
    log_to("added");
    pthread_mutex_unlock(&lock);
}
