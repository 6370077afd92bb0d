// SPDX-License-Identifier: MIT
// A thread that works off requests reaches the program's statistics over many calls, behind a state that
// decides how far it goes: what it surely runs is what lies near its start. A hint.
// RUN: %gordian check %s -- -std=gnu17 > %t.txt; test $? -eq 0
// RUN: %FileCheck %s < %t.txt
// CHECK: no findings
#include <pthread.h>

enum phase { IDLE, READING };
static enum phase phase;
static int commands;

static void execute(int c) { commands += c; }
static void dispatch(int c) { execute(c); }
static void process(int c) { if (phase == IDLE) dispatch(c); }
static void parse(const char *line) { process(line[0]); }
static void read_request(const char *line) { parse(line); }

static void *helper(void *line)
{
    read_request(line);
    return line;
}

int main(void)
{
    pthread_t t;
    phase = READING;
    pthread_create(&t, NULL, helper, "x");
    commands++;
    pthread_join(t, NULL);
    phase = IDLE;
    read_request("y");
    return commands;
}
