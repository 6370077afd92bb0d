// SPDX-License-Identifier: MIT
// Very many threads over a run, few at once. All take two locks in one order.
// RUN: %cc -D_GNU_SOURCE %s -o %t
// RUN: timeout 60 %run -- %t > %t.out 2>&1; test $? -eq 0
// RUN: %FileCheck %s < %t.out
// CHECK: no findings
#include "Inputs/many_threads.h"
