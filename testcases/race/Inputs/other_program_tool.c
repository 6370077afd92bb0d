// SPDX-License-Identifier: MIT
void start_loop(void (*callback)(void));
static int ticks;
static void note(void)
{
    ticks++;
}
int main(void)
{
    start_loop(note);
    return 0;
}
