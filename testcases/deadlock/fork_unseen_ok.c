// SPDX-License-Identifier: MIT
// A child that was forked past the C library's handlers has locks of its own: the order of its threads is not
// compared with that of its parent's.
// RUN: %cc -D_GNU_SOURCE -DFORK='_Fork()' %s -o %t
// RUN: timeout 20 %run -- %t > %t.out 2>&1; test $? -eq 0
// RUN: %FileCheck %s < %t.out
// RUN: %cc -D_GNU_SOURCE -DFORK='syscall(SYS_clone,SIGCHLD,0,0,0,0)' %s -o %t
// RUN: timeout 20 %run -- %t > %t.out 2>&1; test $? -eq 0
// RUN: %FileCheck %s < %t.out
// CHECK: no findings
#include "Inputs/fork_unseen.h"

int main(void)
{
    in_thread(forwards);
    if (FORK == 0) {
        in_thread(backwards);
        _exit(0);
    }
    return wait_for_child();
}
