// SPDX-License-Identifier: MIT
// A library starts a thread that calls back; this program starts it twice, another one never.
// RUN: %gordian check %s %S/Inputs/other_program_lib.c %S/Inputs/other_program_tool.c -- -std=gnu17 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
void start_loop(void (*callback)(void));
static int count;
static void tick(void)
{
    count++; // CHECK: other_program.c:[[#@LINE]]:{{.*}}`tick` writes `count` while `tick` writes it in another thread
}
int main(void)
{
    start_loop(tick);
    start_loop(tick);
    return 0;
}
