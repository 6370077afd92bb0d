// SPDX-License-Identifier: MIT
// A library starts a thread that calls back; this program starts it once. Another program that links the
// library starts it too, with a callback of its own.
// RUN: %gordian check %s %S/Inputs/other_program_lib.c %S/Inputs/other_program_tool.c -- -std=gnu17
void start_loop(void (*callback)(void));
static int count;
static void tick(void)
{
    count++;
}
int main(void)
{
    start_loop(tick);
    return 0;
}
