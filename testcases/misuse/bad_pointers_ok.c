// SPDX-License-Identifier: MIT
// What the kernel refuses with an error stays an error: nothing is read through the program's pointers that the
// kernel would not read.
// RUN: %cc -D_GNU_SOURCE %s -o %t
// RUN: timeout 20 %run -- %t > %t.out 2>&1
// RUN: %FileCheck %s < %t.out
// CHECK: no findings
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <unistd.h>
static void expect(long result, int error)
{
    if (result != -1 || errno != error)
        abort();
}
static void *nothing(void *arg)
{
    return arg;
}
int main(void)
{
    pthread_t t;
    int ends[2], file = open("/dev/null", O_RDWR);
    void *volatile bad = (void *)8, *volatile null = NULL;
    pthread_create(&t, NULL, nothing, NULL);
    pthread_join(t, NULL);
    if (file < 0 || socketpair(AF_UNIX, SOCK_DGRAM, 0, ends) != 0)
        abort();
    expect(fcntl(file, F_SETLK, null), EFAULT);
    expect(fcntl(file, F_SETLK, bad), EFAULT);
    expect(fcntl(file, F_OFD_SETLK, bad), EFAULT);
    expect(sendmsg(ends[0], null, 0), EFAULT);
    expect(poll(bad, 1, 0), EFAULT);
    return 0;
}
