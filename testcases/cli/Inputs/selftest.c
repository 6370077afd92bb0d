// SPDX-License-Identifier: MIT
// A program, with a spin lock of its own where OWN is defined.
#include <pthread.h>
#include <stdio.h>

#ifdef OWN
int pthread_spin_lock(pthread_spinlock_t *lock)
{
    return lock == NULL;
}
#endif

int main(void)
{
    puts("main");
    return 0;
}
