// SPDX-License-Identifier: MIT
// Very many locks, taken in pairs of neighbours by two threads. Two more are taken in both orders afterwards.
// RUN: %cc -D_GNU_SOURCE -DINVERTED %s -o %t
// RUN: timeout 60 %run -- %t > %t.out 2>&1; test $? -eq 66
// RUN: %FileCheck %s < %t.out
// CHECK: [lock-order-inversion]
#include "Inputs/many_locks.h"
