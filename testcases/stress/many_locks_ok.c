// SPDX-License-Identifier: MIT
// Very many locks, taken in pairs of neighbours by two threads. All in one order.
// RUN: %cc -D_GNU_SOURCE %s -o %t
// RUN: timeout 60 %run -- %t > %t.out 2>&1; test $? -eq 0
// RUN: %FileCheck %s < %t.out
// CHECK: no findings
#include "Inputs/many_locks.h"
