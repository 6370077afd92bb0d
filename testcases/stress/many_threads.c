// SPDX-License-Identifier: MIT
// Very many threads over a run, few at once. One of them takes two locks in the other order.
// RUN: %cc -D_GNU_SOURCE -DINVERTED %s -o %t
// RUN: timeout 60 %run -- %t > %t.out 2>&1; test $? -eq 66
// RUN: %FileCheck %s < %t.out
// CHECK: [lock-order-inversion]
#include "Inputs/many_threads.h"
